import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Run, readRun } from "@deploy/core/page";
import { lives, processMark } from "../owner.ts";

export interface Watched {
  readonly run: Run | undefined;
  readonly alive: boolean;
}

/** A few megabytes are no run of ours. */
const most = 4 * 1024 * 1024;

/** The last run in a folder of runs, read again only where its file grew. Never throws. */
export function runWatcher(folder: string | undefined): () => Watched {
  let known: { readonly key: string; readonly run: Run | undefined } = { key: "", run: undefined };
  return () => {
    try {
      const name = folder === undefined ? undefined : readdirSync(folder).sort().at(-1);
      if (folder === undefined || name === undefined) return { run: undefined, alive: false };
      const { size } = statSync(join(folder, name));
      const key = `${name} ${size}`;
      if (key !== known.key && size <= most)
        known = { key, run: readRun(readFileSync(join(folder, name), "utf8")) };
    } catch {
      // Removed meanwhile: what was known stands.
    }
    return { run: known.run, alive: known.run !== undefined && isAlive(known.run) };
  };
}

function isAlive({ process: mark, end }: Run): boolean {
  const pid = Number(/^(\d+)\./.exec(mark)?.[1] ?? 0);
  return end === undefined && pid > 0 && mark === processMark(pid) && lives(pid);
}
