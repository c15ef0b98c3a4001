import { publishes } from "./published.ts";
import { inS3 } from "./stores.ts";

inS3(publishes);
