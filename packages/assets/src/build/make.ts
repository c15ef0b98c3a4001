import { readFileSync } from "node:fs";
import { DeployError } from "@deploy/core";
import type { Setting } from "../compile/setting.ts";
import { isCompiled } from "../sources/kind.ts";
import type { Task } from "../sources/tasks.ts";
import { unreadable } from "../sources/walk.ts";
import type { Bench } from "./bench.ts";
import type { Made, Outcome } from "./made.ts";
import { makeHtml, makeScript, makeSvg } from "./makePlain.ts";
import { makePlainCss, makeStyle } from "./makeStyle.ts";

/** Compiles and minifies one file. A fault of the file is an outcome; only a fault of ours is thrown. */
export async function make(bench: Bench, task: Task, setting: Setting): Promise<Outcome> {
  try {
    return { made: await makeWith(bench, task, setting) };
  } catch (error) {
    if (error instanceof DeployError) return { problem: error.problem };
    throw new Error(`${task.path}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function makeWith(bench: Bench, task: Task, setting: Setting): Promise<Made> {
  const bytes = read(task);
  if (task.language === "css") return makePlainCss(bench, task, setting, bytes);
  const text = bytes.toString("utf8");
  if (isCompiled(task.language)) return makeStyle(bench, task, setting, text);
  if (task.language === "js") return makeScript(bench, task, setting, text);
  return task.language === "svg" ? makeSvg(bench, task, setting, text) : makeHtml(bench, task, setting, text);
}

function read(task: Task): Buffer {
  try {
    return readFileSync(task.absolute);
  } catch (error) {
    throw unreadable(task.path, error);
  }
}
