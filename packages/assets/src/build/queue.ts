import type { Language } from "../sources/kind.ts";
import type { Task } from "../sources/tasks.ts";

/** A task and its place in the list of all. */
export interface Numbered {
  readonly index: number;
  readonly task: Task;
}

export interface Queue {
  /** The next few tasks for a worker; empty when all are given out. */
  take(worker: number): readonly Numbered[];
}

/** How long a file of a language takes, roughly, compared with others. */
const weight: Readonly<Record<Language, number>> = {
  scss: 4,
  sass: 4,
  less: 3,
  js: 3,
  html: 2,
  css: 1,
  svg: 1,
  copy: 0,
};
const mostAtOnce = 16;

/**
 * Gives each worker tasks of the language it has begun with, since a tool takes longer to load than most files take, and
 * small helpings near the end, so that all end together.
 */
export function makeQueue(tasks: readonly Numbered[], workers: number): Queue {
  const left = Map.groupBy(tasks, ({ task }) => family(task.language));
  const chosen = new Map<number, string>();
  return {
    take: (worker) => {
      const own = chosen.get(worker);
      const name = own !== undefined && size(left, own) > 0 ? own : heaviest(left, chosen);
      if (name === undefined) return [];
      chosen.set(worker, name);
      const helping = Math.ceil(size(left, name) / (2 * workers));
      return left.get(name)?.splice(0, Math.min(mostAtOnce, helping)) ?? [];
    },
  };
}

function family(language: Language): string {
  return language === "sass" ? "scss" : language;
}

function size(left: ReadonlyMap<string, readonly Numbered[]>, name: string): number {
  return left.get(name)?.length ?? 0;
}

/** Where a further pair of hands helps most. */
function heaviest(
  left: ReadonlyMap<string, readonly Numbered[]>,
  chosen: ReadonlyMap<number, string>,
): string | undefined {
  const load = (name: string) => {
    const hands = [...chosen.values()].filter((one) => one === name).length;
    return (size(left, name) * weight[name as Language]) / (hands + 1);
  };
  return [...left.keys()].filter((name) => size(left, name) > 0).sort((a, b) => load(b) - load(a))[0];
}
