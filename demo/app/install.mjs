// Stands for `npm ci` or `composer install`: writes vendor/ from the lock file, in the new release folder.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const lock = JSON.parse(readFileSync(join(here, "packages.lock.json"), "utf8"));
mkdirSync(join(here, "vendor"), { recursive: true });
for (const [name, { version, source }] of Object.entries(lock)) {
  writeFileSync(join(here, "vendor", `${name}.mjs`), source);
  console.log(`installed ${name} ${version}`);
}
