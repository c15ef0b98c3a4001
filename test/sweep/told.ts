import { appendFileSync } from "node:fs";
import { seed } from "@deploy/testkit";

/** All of it by `npm run test:sweep`; else a few points, others each day, told by their seed. */
export const whole = process.env.DEPLOY_SWEEP === "all";

/** One line of what was swept; `npm run test:sweep` ends with all of them. */
export function tell(
  what: string,
  { operations, runs, failures }: { operations: number; runs: number; failures: number },
): void {
  const line = `${what}: ${operations} operations, ${runs} runs, ${failures} failures`;
  console.log(`${line}${whole ? "" : ` (seed ${seed})`}`);
  if (process.env.DEPLOY_SWEEP_TOLD) appendFileSync(process.env.DEPLOY_SWEEP_TOLD, `${line}\n`);
}
