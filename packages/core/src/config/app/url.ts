import { input, section } from "../section.ts";
import { webAddress } from "../values/leaves.ts";

export const url = section({
  own: { url: webAddress().optional().describe("Where people see this environment.") },
  inputs: { url: input("text", "url", "Where people see the app; shown in summaries.") },
});
