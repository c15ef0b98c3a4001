import { configJsonSchema, type JsonSchema } from "@deploy/core";
import type { Tree } from "../count.ts";
import type { Extension } from "../extension.ts";

const folder = "packages/core/src/config/";

/** Keys of two words and more: those of one are words of everything else, too. */
export function key(tree: Tree): Extension {
  const names = [...new Set(keysOf(configJsonSchema()))].filter((name) => name.includes("-")).sort();
  return {
    mark: "config key",
    names,
    limit: 2,
    places: [
      {
        path: `${folder}<section>.ts`,
        what: "in its section: what is right, its default, its meaning, and its input",
      },
      { path: "what uses it", what: "reads it from the Config, in camelCase" },
    ],
    files: Object.fromEntries(names.map((name) => [name, sectionsOf(name, tree)])),
    plain: [],
    speaks: (name) => [new RegExp(`"${name}"`)],
    others: {
      "packages/cli/src/init/stack.ts": "`deploy init` says it of commands that start the application",
      "packages/core/src/plan/compare.ts": "calls what changed by its key",
    },
  };
}

/** Two sections may have keys of one name. */
function sectionsOf(name: string, tree: Tree): readonly string[] {
  const defining = [...tree].filter(([path, text]) => path.startsWith(folder) && text.includes(`"${name}":`));
  return defining.map(([path]) => path.slice(folder.length, -".ts".length));
}

function keysOf(schema: JsonSchema): readonly string[] {
  const { properties = {}, items, anyOf = [], oneOf = [] } = schema;
  const parts = [...Object.values(properties), ...(items ? [items] : []), ...anyOf, ...oneOf];
  return [...Object.keys(properties), ...parts.flatMap(keysOf)];
}
