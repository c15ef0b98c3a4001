// What is deployed: build/, and nothing else of this repository.
import { cpSync, mkdirSync, rmSync } from "node:fs";

rmSync("build", { recursive: true, force: true });
mkdirSync("build/public", { recursive: true });
for (const part of ["src", "bin", "package.json"]) cpSync(part, `build/${part}`, { recursive: true });
