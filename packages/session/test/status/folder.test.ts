import { inFolder } from "../records/stores.ts";
import { publishes } from "./published.ts";

inFolder(publishes);
