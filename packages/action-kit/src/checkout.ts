import type { ActionContext } from "./types.ts";

/** The job's checkout, as packages/session packs it. `sha`: what it holds where git does not know. */
export function checkoutOf(context: ActionContext) {
  const { github, log, signal, temporary, childEnvironment: env } = context;
  const onOutput = (text: string): void => log.text(text);
  const onWarning = (text: string): void => log.warning(text);
  const onNote = onOutput;
  return { root: github.workspace, sha: github.sha, temporary, env, signal, onOutput, onWarning, onNote };
}
