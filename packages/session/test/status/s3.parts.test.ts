import { inS3 } from "../records/stores.ts";
import { publishes } from "./published.ts";

inS3(publishes);
