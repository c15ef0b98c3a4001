import { appendFileSync } from "node:fs";
import { describe } from "@jest/globals";
import { listMissingParts, type Part } from "./parts.ts";

/**
 * `describe` where all these parts are installed, else `describe.skip` and one line in the file that
 * DEPLOY_NOTICES names. Throws instead of skipping under CI=true.
 */
export function needs(...parts: Part[]): typeof describe.skip {
  const missing = listMissingParts(parts);
  if (missing.length === 0) return describe;
  tellMissing(missing, process.env);
  return describe.skip;
}

/** What a missing part means in this environment: an error in CI, a notice elsewhere. */
export function tellMissing(missing: readonly Part[], env: NodeJS.ProcessEnv): void {
  const notice = `skipped, not installed: ${missing.join(", ")}`;
  if (env.CI === "true") throw new Error(`${notice} (required under CI=true)`);
  if (env.DEPLOY_NOTICES) appendFileSync(env.DEPLOY_NOTICES, `${notice}\n`);
}
