import type { Problem } from "@deploy/core";
import type { AssetKind, SourceFile } from "../types.ts";
import { isCompiled, isPartial, kindOf, type Language, languageOf } from "./kind.ts";
import { printable, refuse } from "./refusals.ts";

/** One source and the one file made of it. */
export interface Task extends SourceFile {
  /** Logical path in the output: `css/app.css` for `css/app.scss`. */
  readonly target: string;
  readonly kind: AssetKind;
  readonly language: Language;
}

/**
 * Every entry point, in the order of the targets; partials are left out. Two sources of one target are a problem. Where
 * nothing is compiled, every file is an entry point and its own target.
 */
export function listTasks(
  files: readonly SourceFile[],
  compile = true,
): { tasks: readonly Task[]; problems: Problem[] } {
  const tasks = compile ? files.filter(({ path }) => !isPartial(path)).map(toTask) : files.map(asIs);
  tasks.sort((a, b) => Buffer.compare(Buffer.from(a.target), Buffer.from(b.target)));
  return { tasks, problems: findClashes(tasks) };
}

function toTask(file: SourceFile): Task {
  const language = languageOf(file.path);
  const target = isCompiled(language) ? file.path.replace(/\.[^./]+$/, ".css") : file.path;
  return { ...file, target, kind: kindOf(target), language };
}

/** Text in which references may stand is still told from what is only copied. */
function asIs(file: SourceFile): Task {
  const language = languageOf(file.path);
  return {
    ...file,
    target: file.path,
    kind: kindOf(file.path),
    language: isCompiled(language) ? "copy" : language,
  };
}

function findClashes(tasks: readonly Task[]): Problem[] {
  const first = new Map<string, Task>();
  return tasks.flatMap((task) => {
    const other = first.get(fold(task.target));
    first.set(fold(task.target), other ?? task);
    return other === undefined ? [] : [clash(other, task)];
  });
}

/** As file systems that know no case, or one form of Unicode only, see a name. */
function fold(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

function clash(one: Task, two: Task): Problem {
  const [a, b] = [printable(one.path), printable(two.path)];
  const message =
    one.target === two.target
      ? `"${a}" and "${b}" would both become "${printable(two.target)}"`
      : `"${a}" and "${b}" would be one file where case or Unicode form does not count`;
  return refuse("asset-clash", two.path, message, "Rename or remove one of the two.");
}
