import { listActions } from "../../build/actions.ts";
import type { Extension } from "../extension.ts";

export const action: Extension = {
  mark: "action",
  names: listActions(),
  limit: 5,
  places: [
    { path: "actions/<name>/src/main.ts", what: "a page of prose" },
    {
      path: "actions/<name>/src/inputs.ts",
      what: "its own inputs, the groups it shares, the sections it reads",
    },
    {
      path: "actions/<name>/action.yml",
      what: "its name, description and outputs; the inputs are generated",
    },
    { path: "actions/<name>/README.md", what: "its page; both tables are generated" },
    { path: "actions/<name>/package.json", what: "what it imports" },
  ],
  plain: ["build-assets"],
  speaks: (name) => [new RegExp(`(actions/|\\$/|@deploy/action-)${name}(?![\\w-])`)],
  others: {
    "README.md": "says what permissions they ask for; the list of them is generated",
    ".github/workflows/deploy.yml": "is made of them",
    ".github/workflows/rollback.yml": "is made of them",
    "packages/core/src/config/assets/assets.ts": "says who reads the section",
    "packages/core/src/errors/assets.ts": "says who failed",
  },
};
