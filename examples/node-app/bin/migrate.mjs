// Stands for a real migration: one line per run, so that anybody can see it ran once per release.
import { appendFileSync } from "node:fs";
import { join } from "node:path";

appendFileSync(join(process.env.DEPLOY_SHARED_PATH, "log", "migrations"), `${process.env.DEPLOY_RELEASE}\n`);
