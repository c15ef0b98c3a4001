import { fromRoot, fromSource, type Setting } from "../compile/setting.ts";
import { readMap, writeMap } from "../compile/sourceMap.ts";
import { excerptAt, syntaxProblem } from "../compile/syntax.ts";
import { JsFault, type JsInput, type JsOutput } from "../minify/js.ts";
import { isModule } from "../minify/module.ts";
import { readSiblingMap, siblingMap } from "../minify/siblingMap.ts";
import { svgProblem } from "../minify/svg.ts";
import type { Task } from "../sources/tasks.ts";
import type { Bench } from "./bench.ts";
import type { Made } from "./made.ts";
import { thrown } from "./makeStyle.ts";

export async function makeScript(bench: Bench, task: Task, setting: Setting, text: string): Promise<Made> {
  const { driver, tool } = await bench.js();
  const beside = setting.sourceMaps ? siblingMap(task.absolute, text) : undefined;
  const map = beside && readSiblingMap(beside, (source) => fromSource(setting, source));
  const input: JsInput = {
    code: text,
    path: task.path,
    module: await isModule(task.path, text),
    sourceMaps: setting.sourceMaps,
    ...(map && { map }),
  };
  const output = await driver.minify(input).catch((error: unknown) => failScript(error, task, setting, text));
  return {
    ...common(task, text),
    inputs: beside === undefined ? [task.absolute] : [task.absolute, beside],
    bytes: Buffer.from(output.code),
    tools: [tool],
    ...mapOf(output),
  };
}

export async function makeSvg(bench: Bench, task: Task, setting: Setting, text: string): Promise<Made> {
  const { driver, tool } = await bench.svg();
  try {
    return { ...common(task, text), bytes: Buffer.from(driver.minify(text, task.path)), tools: [tool] };
  } catch (error) {
    const problem = svgProblem(error, fromRoot(setting, task.absolute));
    throw problem === undefined ? error : thrown(problem);
  }
}

export async function makeHtml(bench: Bench, task: Task, setting: Setting, text: string): Promise<Made> {
  const { driver, tool } = await bench.html();
  try {
    return { ...common(task, text), bytes: Buffer.from(await driver.minify(text)), tools: [tool] };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const file = fromRoot(setting, task.absolute);
    throw thrown(syntaxProblem({ tool: tool.name, message: message.slice(0, 500), file }));
  }
}

function common(task: Task, text: string) {
  return {
    before: Buffer.byteLength(text),
    inputs: [task.absolute],
    missed: [],
    warnings: [],
    repeatable: true,
  };
}

function mapOf({ map }: JsOutput): { map?: Uint8Array } {
  return map === undefined ? {} : { map: writeMap(readMap(map, (source) => source)) };
}

function failScript(error: unknown, task: Task, setting: Setting, text: string): never {
  if (!(error instanceof JsFault)) throw error;
  const { message, line, column } = error;
  const file = fromRoot(setting, task.absolute);
  throw thrown(
    syntaxProblem({
      tool: setting.tools.js.name,
      message,
      file,
      line,
      column,
      excerpt: excerptAt(text, line, column),
    }),
  );
}
