import { publishes } from "./published.ts";
import { inFolder } from "./stores.ts";

inFolder(publishes);
