import { section } from "../section.ts";
import { command } from "../values/leaves.ts";

export const console = section({
  keys: {
    console: command()
      .optional()
      .describe(
        "What `deploy console` runs on the leader, such as `bin/rails console`. Without: a login shell.",
      ),
  },
});
