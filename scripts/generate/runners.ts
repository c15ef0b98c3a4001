import { stepKinds } from "../../packages/core/src/steps/kinds.ts";

const target = "packages/engine/src/steps/runners.gen.ts";

/** The engine's list of runners: one for each kind of step, from the file of its name. */
export async function generate(): Promise<Map<string, string>> {
  const names = Object.keys(stepKinds);
  const imports = names.map((name) => `import { runner as ${name}Runner } from "./${name}.ts";`).sort();
  const lines = names.map((name) => `  ${name}: ${name}Runner,`);
  const text = [
    "// Generated from packages/core/src/steps/kinds.ts by `npm run generate`. Do not edit.",
    'import type { Runners } from "./runner.ts";',
    ...imports,
    "",
    "export const runners: Runners = {",
    ...lines,
    "};",
    "",
  ].join("\n");
  return new Map([[target, text]]);
}
