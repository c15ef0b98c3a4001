import { type Problem, type Result, toldInAction } from "@deploy/core";
import { childEnvironment, githubContext } from "./github.ts";
import { Log } from "./log.ts";
import { annotate, problemsOf, renderProblems } from "./problems.ts";
import { readInputs } from "./reader.ts";
import { exitCodeOf, processRunner, type Runner } from "./runner.ts";
import { abortOnSignals } from "./signals.ts";
import { cutSummary } from "./summary.ts";
import type { Action, ActionContext, ActionResult } from "./types.ts";

const state = "deploy-main-started";

/**
 * Runs an action's main or, when the runner comes back after the job, its post. The one place where failures become
 * annotations, summary, the `result` output and the exit code: 0, 1, or 130 when cancelled.
 */
export async function runAction<Inputs>(
  action: Action<Inputs>,
  runner: Runner = processRunner(),
): Promise<void> {
  const { toolkit, env } = runner;
  const post = toolkit.getState(state) !== "";
  toolkit.saveState(state, "yes");
  const log = new Log(runner);
  const signals = abortOnSignals(runner);
  const context: ActionContext = {
    github: githubContext(env),
    log,
    signal: signals.signal,
    temporary: env.RUNNER_TEMP || "/tmp",
    childEnvironment: childEnvironment(env),
  };
  const code = post ? await runPost(action, context, runner) : await runMain(action, context, runner);
  signals.stop();
  log.close();
  runner.exit(code);
}

async function runMain<Inputs>(
  action: Action<Inputs>,
  context: ActionContext,
  runner: Runner,
): Promise<number> {
  const { log, signal } = context;
  let result: ActionResult;
  try {
    result = await action.main(read(action, runner, log), context);
  } catch (error) {
    result = failed(problemsOf(error), signal);
  }
  log.endGroup();
  log.text(result.headline);
  annotate(log, result.problems ?? []);
  for (const warning of result.warnings ?? []) log.warning(warning);
  // An action whose results are other words than a deploy's says its own.
  for (const [name, value] of Object.entries({ result: result.result, ...result.outputs })) {
    runner.toolkit.setOutput(name, value);
  }
  if (runner.env.INPUT_SUMMARY?.trim() !== "false") await summarize(result, runner, log);
  return exitCodeOf(result.result);
}

/** A failing post must not turn a finished deploy red: it warns, and what it would have done heals by itself. */
async function runPost<Inputs>(
  action: Action<Inputs>,
  context: ActionContext,
  runner: Runner,
): Promise<number> {
  try {
    await action.post?.(read(action, runner, context.log), context);
  } catch (error) {
    for (const { message, hint } of problemsOf(error).map(toldInAction))
      context.log.warning(`${message}. ${hint}`);
  }
  return 0;
}

function read<Inputs>(action: Action<Inputs>, { env }: Runner, log: Log): Inputs {
  return readInputs(env, action.inputs, (secret) => log.mask([secret]), action.read);
}

function failed(problems: readonly Problem[], signal: AbortSignal): ActionResult {
  const locked = problems.some((problem) => problem.code === "locked");
  const result: Result = signal.aborted ? "cancelled" : locked ? "locked" : "failed";
  const headline = `${result}: ${problems.length === 1 ? "one problem" : `${problems.length} problems`}`;
  return {
    result,
    headline,
    outputs: {},
    problems,
    summary: `### ${headline}\n\n${renderProblems(problems)}`,
  };
}

async function summarize(result: ActionResult, runner: Runner, log: Log): Promise<void> {
  const { summary = "" } = result;
  if (summary === "" || !runner.env.GITHUB_STEP_SUMMARY) return;
  try {
    await runner.toolkit.summarize(cutSummary(summary));
  } catch (error) {
    log.warning(`The summary could not be written: ${(error as Error).message}`);
  }
}
