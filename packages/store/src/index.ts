export { parseStoreAddress, type StoreAddress } from "./address.ts";
export { folderStore } from "./folder/store.ts";
export { checkFolder, type Folders, openStore, type StoreSettings } from "./open.ts";
export { awsSigner } from "./s3/signer.ts";
export { s3Store } from "./s3/store.ts";
export type { S3Tuning } from "./s3/tuning.ts";
export type * from "./types.ts";
