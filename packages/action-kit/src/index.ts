export {
  type ApprovedFiles,
  approvedFiles,
  artifactName,
  downloadFiles,
  packedDirectory,
  planFiles,
  type Uploaded,
  uploadFiles,
} from "./artifacts.ts";
export { type KeptFolder, keptFolder } from "./cache.ts";
export { checkoutOf } from "./checkout.ts";
export { compareCommits } from "./compareCommits.ts";
export {
  type DatabaseInputs,
  databaseInputs,
  databaseSettings,
  databaseUrl,
  readDatabaseInputs,
} from "./database.ts";
export {
  backingUp,
  connection,
  type Declared,
  declareInputs,
  force,
  gitAccess,
  handOver,
  type InputTable,
  lock,
  migrationWord,
  recorded,
  retention,
  storeKeys,
  takeOver,
  vault,
} from "./declare.ts";
export { type DeploymentOptions, deploymentOf, recordDeployment } from "./deployment.ts";
export { type LogEvent, logEvents } from "./events.ts";
export { gateSettings } from "./gate.ts";
export { type GitAccess, readGitAccess } from "./git.ts";
export { childEnvironment, type GithubContext, githubContext, lockOwner } from "./github.ts";
export { type HandOver, readHandOver, saveHandOver } from "./handOver.ts";
export { Log } from "./log.ts";
export { masksOf } from "./masks.ts";
export { type MigrationWord, readMigrationWord } from "./migrationWord.ts";
export { type SessionSettings, sessionSettings } from "./options.ts";
export { checkOrigin, type ForeignOrigin, foreignOrigins } from "./origin.ts";
export { annotate, problemsOf, renderProblems } from "./problems.ts";
export { type InputReader, readInputs } from "./reader.ts";
export { reportResult } from "./reports.ts";
export { runAction } from "./run.ts";
export { runIsOver } from "./runIsOver.ts";
export { type AnnotationPlace, exitCodeOf, processRunner, type Runner, type Toolkit } from "./runner.ts";
export { listening } from "./said.ts";
export {
  type CommonInputs,
  type ConnectionInputs,
  type FleetInputs,
  type LockingInputs,
  readCommonInputs,
  readFleetInputs,
  readLockingInputs,
  readTexts,
  type Settings,
} from "./settings.ts";
export { readStoreKeys, type StoreKeys, storeIdentity } from "./store.ts";
export { cutSummary } from "./summary.ts";
export type { Action, ActionContext, ActionResult } from "./types.ts";
