import type { Codes } from "./codes.ts";

/** Object stores and what stands in front of them. */
export const storeCodes = {
  "body-changed": {
    cause:
      "What was to be stored is not what was announced: the file changed while it was sent, or the build gave other bytes.",
    fix: "Run it again with nothing else writing to the files.",
  },
  "bucket-missing": {
    cause: "The bucket does not exist at this endpoint.",
    fix: "Create it, or check the bucket's name, `region` and `endpoint`.",
  },
  "object-changed": {
    cause: "Another run replaced the object while it was read.",
    fix: "Run it again.",
  },
  "object-damaged": {
    cause: "The bytes in the store are not those that were stored.",
    fix: "Restore the object from another copy, then look at who or what writes to the store.",
  },
  "object-missing": {
    cause: "The object is not in the store, or was removed meanwhile.",
    fix: "List what is there, and check the name.",
  },
  "object-range": {
    cause: "Bytes were asked that the object does not have.",
    fix: "Please report it with the log of this run.",
  },
  "object-short": {
    cause: "The connection to the store ended before all bytes of the object had come, again and again.",
    fix: "Check the network between here and the store, then run it again.",
  },
  "oidc-unavailable": {
    cause: "A role is to be assumed, and this job may not ask for an OIDC token.",
    fix: "Give the job `permissions: { id-token: write }`; a called workflow gets only what its caller grants.",
  },
  "purge-failed": {
    cause: "The new files are in the store, but the cache in front of it was not told.",
    fix: "Run this step again: nothing is sent twice, only the purge is repeated.",
  },
  "records-damaged": {
    cause:
      "What is kept of runs is not as it was written: somebody changed, removed or added an object there.",
    fix: "Let `deploy audit verify` name it; bring that object back from the store's versions, or begin a new chain: another prefix in `records.store`.",
    inAction:
      "Bring the named object back from the store's versions, or begin a new chain: another prefix in `records.store`.",
  },
  "records-unconfigured": {
    cause: "Records are asked for, and the config does not say where they are kept.",
    fix: "Add `records: { store: s3://bucket/prefix }` to the config; each run from then on is kept.",
  },
  "status-unpublished": {
    cause: "The status page could not be published: the store refused it, or the config names none.",
    fix: "Give `status: { publish: s3://bucket/prefix }` in the config a place that these credentials may read and write.",
  },
  "store-address": {
    cause: "The store's address is not one we understand.",
    fix: "Write s3://bucket/prefix, file:///absolute/folder or a folder's path.",
  },
  "store-clock": {
    cause: "The store refuses signatures of this time: one of the two clocks is wrong.",
    fix: "Set this machine's clock (NTP), then run it again.",
  },
  "store-credentials": {
    cause: "There are no credentials for the store, or it does not know them.",
    fix: "Give `role`, keys, or what the standard AWS chain reads.",
  },
  "store-denied": {
    cause: "The store knows the credentials and refuses this call.",
    fix: "Grant the named permission on the named bucket and prefix.",
  },
  "store-expired": {
    cause: "The credentials for the store expired while they were used.",
    fix: "Run it again with fresh ones; a role that is assumed here is renewed by itself.",
  },
  "store-failed": {
    cause: "The store did not answer, or answered with an error that repeating did not mend.",
    fix: "Check the endpoint and the store's own state, then run it again: nothing is sent twice.",
  },
  "store-folder": {
    cause:
      "A store that is a folder lies outside the job's workspace, or on a machine that is thrown away after the job.",
    fix: "Name an s3:// store, or a folder below the workspace for steps that are all in one job, on a runner of your own.",
  },
  "store-full": {
    cause: "There is no room left in the folder.",
    fix: "Make room at the named path, then run it again.",
  },
  "store-key": {
    cause:
      "A name cannot be kept in a store: it would mean something else to a file system, a browser or a terminal.",
    fix: "Rename the file.",
  },
  "store-link": {
    cause: "A symbolic link inside the folder would lead reading or writing elsewhere.",
    fix: "Replace the link by a real folder, or make the link's target the store.",
  },
  "store-region": {
    cause: "The bucket is in another region than the one that was asked.",
    fix: "Set `region` to the bucket's own.",
  },
  "store-role-refused": {
    cause: "AWS does not let this workflow's token assume the role.",
    fix: "Let the role's trust policy name the token's subject and audience.",
  },
  "store-unfetchable": {
    cause:
      "Hosts are to fetch the release from a store that has no addresses which work without credentials: a folder, or a directory bucket.",
    fix: "Give `upload` an s3:// store, or choose another `method`.",
  },
  "upload-left": {
    cause: "An upload in parts failed, and so did its removal: its parts take room and are invisible.",
    fix: "Abort it with `aws s3api abort-multipart-upload`, or let a lifecycle rule abort incomplete uploads.",
  },
} as const satisfies Codes;
