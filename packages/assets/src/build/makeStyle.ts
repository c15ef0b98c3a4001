import { DeployError, type Problem } from "@deploy/core";
import type { Compiled, Warning } from "../compile/compiled.ts";
import { compileLess, lessProblem } from "../compile/less.ts";
import { compileSass, sassProblem } from "../compile/sass.ts";
import { fromRoot, type Setting, usesCss } from "../compile/setting.ts";
import { type SourceMap, writeMap } from "../compile/sourceMap.ts";
import { decode, encode } from "../fingerprint/text.ts";
import { minifyCss } from "../minify/css.ts";
import type { Task } from "../sources/tasks.ts";
import type { Tool } from "../tools/tool.ts";
import type { Bench } from "./bench.ts";
import type { Made } from "./made.ts";

/** A Sass or Less file to CSS, then minified. */
export async function makeStyle(bench: Bench, task: Task, setting: Setting, text: string): Promise<Made> {
  const { compiled, tool } = await compile(bench, task, setting, text);
  const { css, map } = compiled;
  const common = { ...compiled, before: Buffer.byteLength(css) };
  if (!usesCss(setting)) return toMade(common, Buffer.from(css), map, [tool]);
  const { browsers, tools } = await browsersOf(bench, setting);
  const { minify, sourceMaps } = setting;
  const output = minifyCss({ css, path: task.target, minify, sourceMaps, ...browsers, ...(map && { map }) });
  // Of compiled CSS only the file is known.
  const warnings = [
    ...compiled.warnings,
    ...output.faults.map(({ text }) => ({ text, place: placeOf(setting, task) })),
  ];
  return toMade({ ...common, warnings }, Buffer.from(output.css), output.map, [tool, ...tools]);
}

/** CSS as somebody wrote it, minified, in whichever encoding it is. */
export async function makePlainCss(
  bench: Bench,
  task: Task,
  setting: Setting,
  bytes: Uint8Array,
): Promise<Made> {
  const { text: css, encoding } = decode(bytes);
  const { browsers, tools } = await browsersOf(bench, setting);
  const { minify, sourceMaps } = setting;
  const output = minifyCss({ css, path: task.path, minify, sourceMaps, ...browsers });
  const warnings: Warning[] = output.faults.map(({ text, line, column }) => {
    return { text, place: { ...placeOf(setting, task), line, column } };
  });
  const common = { before: task.size, inputs: [task.absolute], missed: [], repeatable: true };
  return toMade({ ...common, warnings }, encode({ text: output.css, encoding }), output.map, tools);
}

function placeOf(setting: Setting, task: Task): { file: string } {
  return { file: fromRoot(setting, task.absolute) };
}

/** lightningcss is loaded where browsers are named. */
async function browsersOf(bench: Bench, { targets }: Setting) {
  if (targets === undefined) return { browsers: {}, tools: [] };
  const { driver, tool } = await bench.css();
  return { browsers: { browsers: { lightning: driver, targets } }, tools: [tool] };
}

async function compile(
  bench: Bench,
  task: Task,
  setting: Setting,
  text: string,
): Promise<{ compiled: Compiled; tool: Tool }> {
  if (task.language === "less") {
    const { driver, tool } = await bench.less();
    const compiling = compileLess(driver, text, task, setting);
    return { compiled: await compiling.catch((error) => fail(error, lessProblem(error, setting))), tool };
  }
  const { driver, tool } = await bench.sass();
  try {
    return { compiled: compileSass(driver, task, setting), tool };
  } catch (error) {
    return fail(error, sassProblem(error, task, setting));
  }
}

function toMade(
  common: Omit<Made, "bytes" | "map" | "tools">,
  bytes: Uint8Array,
  map: SourceMap | undefined,
  tools: readonly Tool[],
): Made {
  const { before, inputs, missed, warnings, repeatable } = common;
  return { before, inputs, missed, warnings, repeatable, bytes, tools, ...(map && { map: writeMap(map) }) };
}

function fail(error: unknown, problem: Problem | undefined): never {
  throw problem === undefined ? error : thrown(problem);
}

export function thrown(problem: Problem): DeployError {
  return new DeployError(problem.code, problem.message, problem);
}
