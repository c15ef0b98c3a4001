export { downloadFiles, type Uploaded, uploadFiles } from "./artifacts.ts";
export { type LogEvent, logEvents } from "./events.ts";
export { childEnvironment, type GithubContext, githubContext, lockOwner } from "./github.ts";
export { Log } from "./log.ts";
export { masksOf } from "./masks.ts";
export { type SessionSettings, sessionSettings } from "./options.ts";
export { annotate, problemsOf, renderProblems } from "./problems.ts";
export { type InputReader, readInputs } from "./reader.ts";
export { reportResult } from "./reports.ts";
export { runAction } from "./run.ts";
export { type AnnotationPlace, exitCodeOf, processRunner, type Runner, type Toolkit } from "./runner.ts";
export { readSession, saveSession, type SessionRecord } from "./sessionFile.ts";
export {
  type ConnectionInputs,
  commonInputs,
  connectionInputs,
  readConnection,
  readSettings,
  settingInputs,
  type Settings,
} from "./settings.ts";
export { cutSummary } from "./summary.ts";
export type { Action, ActionContext, ActionResult } from "./types.ts";
