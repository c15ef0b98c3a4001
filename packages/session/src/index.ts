export { progressLines } from "@deploy/backup";
export { approvedPlan, parsePlan } from "./approved.ts";
export { backupMaker, type MakerOptions } from "./backupMaker.ts";
export { loadConfig, readConfigText } from "./config.ts";
export { type Database, type DatabaseOptions, openBackups, openDatabase } from "./database.ts";
export { giveLockBack } from "./giveBack.ts";
export { type HostsOptions, type OpenHosts, openHosts } from "./hosts.ts";
export { gatherNews, type NewsRequest } from "./news.ts";
export { type Checkout, checkedOut, type PackRequest, packRelease } from "./pack.ts";
export { preparedRequest } from "./prepared.ts";
export {
  askedFor,
  deployRequest,
  findRelease,
  type ReleaseRequest,
} from "./release.ts";
export { resumePlan } from "./resume.ts";
export { type RsyncRoom, rsyncCarrier } from "./rsync.ts";
export { openSession } from "./session.ts";
export { type ShelfOptions, shelfOf } from "./shelf.ts";
export { checkStores, type OpenedStore, openConfigured } from "./store.ts";
export * from "./types.ts";
