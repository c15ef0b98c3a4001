import { readFileSync } from "node:fs";
import { DeployError, DeployErrors, few } from "@deploy/core";
import { type Setting, usesCss } from "../compile/setting.ts";
import { isCompiled, isMinified } from "../sources/kind.ts";
import { printable } from "../sources/refusals.ts";
import { listTasks, type Task } from "../sources/tasks.ts";
import { unreadable, walkSources } from "../sources/walk.ts";
import type { BuildOptions, Built, BuiltFile, Contents } from "../types.ts";
import { makeCache } from "./cache.ts";
import type { Made, Outcome } from "./made.ts";
import { makeAll } from "./makeAll.ts";
import { makeSetting } from "./setting.ts";
import { makeTeller, type Teller } from "./teller.ts";
import { countTools } from "./toolUse.ts";

/**
 * Compiles and minifies every entry point below `source`; what needs neither is passed on as it is. Throws DeployErrors with
 * every fault found (`asset-syntax` at its file, line and column; refused names and links; clashes), and the signal's reason.
 */
export async function buildAssets(options: BuildOptions): Promise<Built> {
  const teller = makeTeller(options);
  const tasks = findTasks(options, teller);
  const setting = await makeSetting(options, teller.warn);
  const work = options.compile === false ? [] : tasks.filter((task) => needsWork(task, setting));
  const cache = options.cache === undefined ? undefined : makeCache(options.cache, setting);
  const outcomes = new Map<Task, Outcome>();
  for (const task of work) {
    const made = cache?.find(task);
    if (made !== undefined) outcomes.set(task, { made });
  }
  const reused = outcomes.size;
  const left = work.filter((task) => !outcomes.has(task));
  teller.begin(tasks.length, tasks.length - left.length);
  await makeAll(left, setting, options, teller, (task, outcome) => outcomes.set(task, outcome));
  const made = conclude(work, outcomes, teller);
  for (const task of left) cache?.keep(task, made.get(task));
  cache?.close();
  const fresh = left.flatMap((task) => made.get(task) ?? []);
  return { files: listFiles(tasks, made), tools: countTools(fresh), reused };
}

function findTasks({ source, compile = true }: BuildOptions, teller: Teller): readonly Task[] {
  const { files, problems, hidden } = walkSources(source);
  if (hidden.length > 0) {
    teller.warn(`Not published, since a dot begins the name: ${few(hidden, 5)}`);
  }
  const { tasks, problems: clashes } = listTasks(files, compile);
  const all = [...problems, ...clashes];
  if (all.length > 0) throw new DeployErrors(all);
  if (tasks.length > 0) return tasks;
  const held = files.length === 0 ? "holds no file" : `holds only parts: ${files.length} files below a "_"`;
  throw new DeployError("assets-empty", `The folder of the assets, ${printable(source)}, ${held}`);
}

/** What is somebody else's build already, or of no language of ours, is only copied. */
function needsWork({ language, path }: Task, setting: Setting): boolean {
  if (isCompiled(language)) return true;
  if (isMinified(path)) return false;
  if (language === "css") return usesCss(setting);
  if (language === "html") return setting.minify && setting.html;
  return setting.minify && language !== "copy";
}

/** All outcomes, or all faults at once. */
function conclude(
  work: readonly Task[],
  outcomes: ReadonlyMap<Task, Outcome>,
  teller: Teller,
): ReadonlyMap<Task, Made> {
  const all = work.map((task) => [task, outcomes.get(task)] as const);
  const problems = all.flatMap(([, outcome]) => (outcome && "problem" in outcome ? [outcome.problem] : []));
  // A part with a fault is reported once, however many import it.
  const distinct = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  const made = new Map(
    all.flatMap(([task, outcome]) => (outcome && "made" in outcome ? [[task, outcome.made]] : [])),
  );
  teller.warnings([...made.values()].flatMap(({ warnings }) => warnings));
  if (distinct.size > 0) throw new DeployErrors([...distinct.values()]);
  return made;
}

function listFiles(tasks: readonly Task[], made: ReadonlyMap<Task, Made>): readonly BuiltFile[] {
  // A map that came with a script is now part of the script's new map.
  const chained = new Set(
    [...made.values()].flatMap(({ inputs }) => inputs.filter((path) => path.endsWith(".map"))),
  );
  return tasks.filter(({ absolute }) => !chained.has(absolute)).map((task) => toFile(task, made.get(task)));
}

function toFile(task: Task, made: Made | undefined): BuiltFile {
  const { target: path, kind, path: from } = task;
  if (made === undefined) return { path, kind, from, before: task.size, contents: asItIs(task) };
  const { before, bytes, map } = made;
  return { path, kind, from, before, contents: { kind: "bytes", bytes }, ...(map && { map }) };
}

/** Text, in which references will be rewritten, is read; everything else is a file, however large. */
function asItIs({ language, absolute, size, path }: Task): Contents {
  if (language === "copy") return { kind: "file", absolute, size };
  try {
    return { kind: "bytes", bytes: readFileSync(absolute) };
  } catch (error) {
    throw unreadable(path, error);
  }
}
