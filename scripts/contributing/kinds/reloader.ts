import { services } from "../../../packages/core/src/services/services.ts";
import type { Extension } from "../extension.ts";

export const reloader: Extension = {
  mark: "reloader",
  names: Object.keys(services),
  limit: 2,
  places: [
    {
      path: "packages/core/src/services/<name>.ts",
      what: "its keys, and what it is told: check, test, run, settled, the way back",
    },
    { path: "packages/core/src/services/services.ts", what: "its line" },
  ],
  files: {
    "systemd-user": ["systemdUser"],
    ...{ puma: ["rack"], unicorn: ["rack"] },
    ...{ nginx: ["web"], apache: ["web"], "php-fpm": ["phpFpm"] },
  },
  plain: [],
  speaks: (name) => [new RegExp(`[sS]ervice[^\\n]*["\`]${name}["\`]`)],
  others: {
    "packages/cli/src/init/stack.ts": "`deploy init` chooses one for a stack",
    "packages/cli/src/init/stacks/python.ts": "the same",
  },
};
