import { runUserCommand } from "@deploy/remote";
import type { Context } from "../context.ts";
import { ask } from "../hosts/ask.ts";
import type { Link } from "../hosts/fleet.ts";
import { tieTo } from "../steps/tie.ts";

/** Bytes of an answer that are kept: enough to name who blocks whom. */
const capture = 2_000;

/**
 * Runs the user's own question to the database (who holds what the migration wants?) beside the migration, and gives
 * what it printed on one line. It only explains: whatever becomes of it changes nothing.
 */
export async function runDiagnosis(
  context: Context,
  link: Link,
  { envFile }: { readonly envFile?: string },
  run: string,
): Promise<string> {
  const where = {
    fence: context.fence(),
    release: context.plan.release,
    directory: "release",
    step: "diagnose",
    tied: true,
  } as const;
  const { signal, clock } = context.control;
  const tie = tieTo(signal, clock);
  let text = "";
  await ask(link, runUserCommand({ ...where, run, ...(envFile === undefined ? {} : { envFile }) }), () => ({
    capture,
    ...tie.options,
    onOutput: (stream, part) => {
      if (stream === "stdout") text = (text + part).slice(0, capture);
    },
  }));
  tie.loose();
  return text.trim().replaceAll(/\s*\n\s*/g, "; ");
}
