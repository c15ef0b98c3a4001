// Apart from the rest of the session: only who tells of past runs, or draws the status page, loads it.
export { listRecords, verifyAudit } from "./records/open.ts";
export { type DrawnStatus, type DrawOptions, drawStatus, publishDrawn } from "./status/draw.ts";
