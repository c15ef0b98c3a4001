import type { Extension } from "../extension.ts";
import { rowsOf } from "../tree.ts";

const rows = rowsOf("test/reload");

/** No code names a reloader yet: it is a command of the user's config, and a row of the contract. */
export const reloader: Extension = {
  mark: "reloader",
  names: rows,
  limit: 2,
  places: [
    {
      path: "test/reload/<name>.parts.test.ts",
      what: "its row of the contract: the server, and the command",
    },
  ],
  plain: rows,
  speaks: () => [],
  others: {},
};
