export { breakOff } from "./breakOff.ts";
export { type CancelTimes, cancelLikeRunner } from "./bundle/cancel.ts";
export { parseFileCommands } from "./bundle/fileCommands.ts";
export { type Annotation, commandReader, logReader } from "./bundle/log.ts";
export { formsOf, masker } from "./bundle/mask.ts";
export { type BundleRan, type BundleSignal, type RunBundle, type Running, runBundle } from "./bundle/run.ts";
export { compileCache } from "./compileCache.ts";
export { type Mariadb, openMariadb } from "./databases/mariadb.ts";
export { awkwardMariadb } from "./databases/mariadbAwkward.ts";
export { openPgbouncer } from "./databases/pgbouncer.ts";
export { awkwardPostgres } from "./databases/postgresAwkward.ts";
export { driverContract } from "./driver/contract.ts";
export { leftovers, openStage, type Stage } from "./driver/stage.ts";
export type { DriverSubject } from "./driver/subject.ts";
export {
  findFreePort,
  type SshdFleet,
  type SshdFleetOptions,
  type SshdHostOptions,
  sshdFleet,
} from "./fleet/fleet.ts";
export type { FleetHost } from "./fleet/host.ts";
export { makeRepository, repositoryIn, type TestRepository } from "./git/repository.ts";
export { type GitServer, type GitServerOptions, gitServer } from "./git/server.ts";
export { hostAt } from "./host.ts";
export { type Chroot, openChroot } from "./hut/chroot.ts";
export { hutContract } from "./hut/contract.ts";
export * from "./hut/deploy.ts";
export { type Fuse, folderFiles } from "./hut/folder.ts";
export { type FtpServer, openFtp } from "./hut/ftp.ts";
export type { FtpOptions } from "./hut/ftpServers.ts";
export { brokenIn, first as firstSite, put as putInSite, second as secondSite, siteOf } from "./hut/sites.ts";
export type { HutSubject } from "./hut/subject.ts";
export { type MotoServer, motoServer } from "./moto/server.ts";
export * from "./needs.ts";
export { listMissingParts, type Part, pathOfPart } from "./parts.ts";
export { type PoolSubject, poolContract } from "./pool/contract.ts";
export {
  type FakeGroup,
  type FakeTarget,
  type FakeTargetGroups,
  fakeTargetGroups,
} from "./pool/targetGroups.ts";
export { commandOf, descendantsOf } from "./processes.ts";
export type { Bytes, Direction } from "./proxy/faults.ts";
export { reloaderContract } from "./reloader/contract.ts";
export type { Files, Reloader } from "./reloader/subject.ts";
export * from "./servers.ts";
export { seed, shareOf } from "./share.ts";
export { type Snapshot, takeSnapshot, writeSnapshot } from "./snapshot.ts";
export { type Started, startProcess } from "./started.ts";
export { storeContract } from "./store/contract.ts";
export { type S3Server, s3Server } from "./store/s3Server.ts";
export {
  codeOf,
  keysOf,
  putText,
  readBytes,
  readText,
  type StoreSubject,
  sha256,
  streamOf,
  withFile,
} from "./store/subject.ts";
export * from "./transport/contract.ts";
export * from "./tree.ts";
export { until } from "./until.ts";
