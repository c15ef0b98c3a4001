import { keepsRecords } from "./kept.ts";
import { inS3 } from "./stores.ts";

inS3(keepsRecords);
