export { frame } from "./answer.ts";
export { Begin } from "./begin.ts";
export * from "./command.ts";
export {
  type Compared,
  type ConfiguredFile,
  type ConfigureOptions,
  configure,
} from "./configure/configure.ts";
export { configureHelper, type Helper, type HelperOptions } from "./configure/helper.ts";
export { countRows, dropDatabase } from "./dump/count.ts";
export type { Driver, UrlForm, Where } from "./dump/driver.ts";
export { databaseKinds, driverOf, type ServerKind, type Source } from "./dump/drivers.ts";
export { type DumpOptions, dump } from "./dump/dump.ts";
export { inspectSource } from "./dump/inspect.ts";
export { type Left, listLeft } from "./dump/left.ts";
export { type BackedUp, type BackupOptions, backup } from "./dump/onLeader.ts";
export { type RestoreOptions, restoreDump } from "./dump/restore.ts";
export { passwordOf, secretLine } from "./dump/secret.ts";
export { sharedUrl } from "./dump/sharedUrl.ts";
export { checkSwap, type SwapOptions, swapDatabase } from "./dump/swap.ts";
export type * from "./dump/types.ts";
export { type EnvFile, type EnvListed, envCommit, envDrop, envList, envSet, envUnset } from "./env/env.ts";
export type * from "./fence.ts";
export { curlGet } from "./host/curlGet.ts";
export { current } from "./host/current.ts";
export { type ExamineQuestion, examine } from "./host/examine.ts";
export { absoluteBase } from "./host/home.ts";
export { maintenance } from "./host/maintenance.ts";
export { type PlanKey, planKey } from "./host/planKey.ts";
export { probe } from "./host/probe.ts";
export type * from "./host/types.ts";
export { consoleCommand, type ExecCommand, endCommand, execCommand, holdCommand } from "./job/exec.ts";
export { jobEnd, jobFollow, jobLaunch, jobList, jobSettle } from "./job/job.ts";
export { type LogRange, logLine } from "./job/logs.ts";
export { carriedIn, runUserCommand } from "./job/run.ts";
export type * from "./job/types.ts";
export { lockFreeze, lockUnfreeze } from "./lock/freeze.ts";
export { lockAcquire, lockAdopt, lockRelease, lockRenew } from "./lock/lock.ts";
export type * from "./lock/types.ts";
export { leaseRenew, leaseTake, type Watch } from "./pool/lease.ts";
export { type Drained, markDrained, markReturned, poolFile, poolLook, readDrained } from "./pool/pool.ts";
export { quote } from "./quote.ts";
export { bindBackup } from "./release/bind.ts";
export { finish } from "./release/finish.ts";
export { armedWatcher, armFlip, flip, goLine } from "./release/flip.ts";
export { markFloor } from "./release/floor.ts";
export { hold } from "./release/hold.ts";
export { manifestOf } from "./release/manifest.ts";
export { removeAll } from "./release/remove.ts";
export { markReady } from "./release/state.ts";
export type * from "./release/types.ts";
export { late, type Rendered, render, waiting } from "./render.ts";
export { scripts } from "./scripts.gen.ts";
export { unframed } from "./unframed.ts";
export { type GitStaged, type GitStageOptions, gitStage } from "./upload/git.ts";
export { receive } from "./upload/receive.ts";
export { type RsyncStaged, type RsyncStageOptions, reusePath, rsyncStage } from "./upload/rsync.ts";
export type * from "./upload/types.ts";
