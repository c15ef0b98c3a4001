import * as z from "zod";
import { quote } from "../../plan/words.ts";
import { type HostCommand, hostCommand } from "../values/command.ts";
import { choice, webAddress } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";

/** `once`: from the leader alone, whatever its roles. */
export type Purge = HostCommand & { readonly once?: true };

const address = mapping({
  url: webAddress().describe("Asked once, from the leader, by curl."),
  method: choice(["PURGE", "POST", "DELETE", "GET"]).prefault("PURGE").describe("How it is asked."),
})
  .transform(
    ({ url, method }): Purge => ({
      ...{ run: `curl -q -fsS -m 30 -o /dev/null -X ${method} ${quote(url)}`, roles: [], once: true },
    }),
  )
  .meta({ title: "purge: an address" });

/** What forgets the release before, once the new one is proved everywhere. */
export const purges = () =>
  z.array(z.union([hostCommand().transform((one): Purge => one), address]), {
    error: "a list of commands, or of mappings with url",
  });
