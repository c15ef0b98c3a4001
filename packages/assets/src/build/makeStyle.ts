import { join } from "node:path";
import { DeployError, type Problem } from "@deploy/core";
import { SourceMapConsumer } from "source-map-js";
import type { Compiled } from "../compile/compiled.ts";
import { compileLess, lessProblem } from "../compile/less.ts";
import { compileSass, sassProblem } from "../compile/sass.ts";
import { fromRoot, type Setting, usesLightning } from "../compile/setting.ts";
import { type SourceMap, writeMap } from "../compile/sourceMap.ts";
import { excerptAt, syntaxProblem } from "../compile/syntax.ts";
import { type CssFault, cssFault, cssProblem, minifyCss, toWarnings } from "../minify/css.ts";
import type { Task } from "../sources/tasks.ts";
import type { Tool } from "../tools/tool.ts";
import type { Bench } from "./bench.ts";
import type { Made } from "./made.ts";

/** A Sass or Less file to CSS, then minified. */
export async function makeStyle(bench: Bench, task: Task, setting: Setting, text: string): Promise<Made> {
  const { compiled, tool } = await compile(bench, task, setting, text);
  const { css, map } = compiled;
  const common = { ...compiled, before: Buffer.byteLength(css) };
  if (!usesLightning(setting)) return toMade(common, Buffer.from(css), map, [tool]);
  const lightning = await bench.css();
  try {
    const output = minifyCss(lightning.driver, {
      ...toInput(setting),
      css,
      path: task.target,
      ...(map && { map }),
    });
    return toMade(common, output.code, output.map, [tool, lightning.tool]);
  } catch (error) {
    const fault = cssFault(error);
    if (fault === undefined) throw error;
    throw thrown(await locate(bench, task, setting, text, fault));
  }
}

/** CSS as somebody wrote it, minified; its warnings are about lines people know. */
export async function makePlainCss(bench: Bench, task: Task, setting: Setting, text: string): Promise<Made> {
  const lightning = await bench.css();
  const file = fromRoot(setting, task.absolute);
  const common = { before: task.size, inputs: [task.absolute], missed: [], repeatable: true };
  try {
    const output = minifyCss(lightning.driver, { ...toInput(setting), css: text, path: task.path });
    const warnings = toWarnings(output, file);
    return toMade({ ...common, warnings }, output.code, output.map, [lightning.tool]);
  } catch (error) {
    const fault = cssFault(error);
    if (fault === undefined) throw error;
    throw thrown(cssProblem(fault, text, file));
  }
}

function toInput({ minify, sourceMaps, targets }: Setting) {
  return { minify, sourceMaps, ...(targets && { targets }) };
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

/** CSS that a compiler let through and a browser would not read: shown at the line it came from. */
async function locate(
  bench: Bench,
  task: Task,
  setting: Setting,
  text: string,
  fault: CssFault,
): Promise<Problem> {
  const { compiled } = await compile(bench, task, { ...setting, sourceMaps: true }, text);
  const excerpt = excerptAt(compiled.css, fault.line, fault.column);
  const origin = compiled.map && originOf(compiled.map, fault);
  const file = fromRoot(setting, origin === undefined ? task.absolute : join(setting.source, origin.file));
  const place = origin === undefined ? { file } : { file, line: origin.line, column: origin.column };
  return syntaxProblem({
    tool: "lightningcss",
    message: `${fault.message} in the compiled CSS, line ${fault.line}`,
    ...place,
    excerpt,
  });
}

function originOf(map: SourceMap, { line, column }: CssFault) {
  const consumer = new SourceMapConsumer({ ...map, version: "3", file: "" } as never);
  const at = consumer.originalPositionFor({ line, column: column - 1 });
  return at.source === null ? undefined : { file: at.source, line: at.line, column: at.column + 1 };
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
