// Holds the import table: `npm test` runs this, and it prints one line per import that breaks it.
import { existsSync } from "node:fs";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { importRules } from "./imports/rules.ts";
import { root } from "./lib/root.ts";

process.chdir(root);
const rooms = ["packages", "actions"].filter((room) => existsSync(room));
const { output } = await cruise(
  rooms,
  {
    validate: true,
    ruleSet: { forbidden: importRules() },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist/" },
  },
  {
    exportsFields: ["exports"],
    conditionNames: ["source", "node", "import", "types"],
    extensions: [".ts", ".js", ".mjs", ".json"],
  },
);
const { summary, modules } = output as ICruiseResult;
const broken = summary.violations.map(({ rule, from, to }) => `${from}: imports ${to} (${rule.name})`);
if (modules.length === 0) broken.push("nothing was read: is this the repository?");
for (const line of broken.sort()) console.error(line);
console.log(`${modules.length} modules, ${broken.length} imports against the table`);
process.exit(broken.length === 0 ? 0 : 1);
