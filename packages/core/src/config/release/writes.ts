import { section } from "../section.ts";
import { list, text } from "../values/leaves.ts";
import { readShared, sharedPhrase } from "../values/paths.ts";

export const writes = section({
  keys: {
    writes: list(text(sharedPhrase, readShared), "paths")
      .optional()
      .describe(
        "Paths in a release that the application, or a command after the switch, writes there itself (`tmp`, `var/cache`): `deploy status --verify` tells nothing of them.",
      ),
  },
});
