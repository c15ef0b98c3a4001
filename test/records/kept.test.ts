import { keepsRecords } from "./kept.ts";
import { inFolder } from "./stores.ts";

inFolder(keepsRecords);
