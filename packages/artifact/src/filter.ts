import { spawn } from "node:child_process";
import { lstat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DeployError } from "@deploy/core";
import { decodeName } from "./rsyncName.ts";
import type { Filter } from "./types.ts";

/** The end of what rsync said, for a message. */
const mostWords = 700;

/**
 * The paths below `root` that rsync's filter files let through, folders among them. rsync itself reads its rules: it is
 * asked what it would copy (`-n`), so nothing is written and no byte of a file is read.
 * Throws `filter-missing`, `filter-refused` with rsync's own words, `filter-tool`, `source-changed`.
 */
export async function listFiltered(root: string, filter: Filter): Promise<ReadonlySet<string>> {
  const { cwd, env } = filter;
  for (const file of filter.files) await assertFile(cwd, file);
  const rules = filter.files.map((file) => `--filter=merge ${resolve(cwd, file)}`);
  // A place that is not there and is never made: everything would be copied.
  const nowhere = join(resolve(root), ".deploy-nowhere", "x");
  const args = ["-rlDn", "--out-format=%n", ...rules, "--", `${resolve(root)}/`, nowhere];
  const names = new Set<string>();
  const { code, words } = await run(args, { cwd, env }, (name) => names.add(name));
  if (code === 0) return names;
  const said = `rsync ended with ${code}: ${words.trim().slice(-mostWords)}`;
  if (code === 24) throw new DeployError("source-changed", `Files vanished while they were listed. ${said}`);
  throw new DeployError("filter-refused", said, { place: { path: filter.files.join(", ") } });
}

async function assertFile(cwd: string, file: string): Promise<void> {
  const stats = await lstat(resolve(cwd, file)).catch(() => undefined);
  if (stats?.isFile()) return;
  const why = stats === undefined ? "does not exist" : "is not a plain file";
  throw new DeployError("filter-missing", `The filter file "${file}" ${why}`, { place: { path: file } });
}

interface Ended {
  /** Exit code, or the signal's name. */
  readonly code: number | string;
  readonly words: string;
}

function run(
  args: readonly string[],
  { cwd, env }: Pick<Filter, "cwd" | "env">,
  onName: (name: string) => void,
): Promise<Ended> {
  return new Promise((done, fail) => {
    // Its words in English, names as bytes, and no options from a file in somebody's home.
    const own = { PATH: env.PATH, LC_ALL: "C", HOME: "/nonexistent" };
    const child = spawn("rsync", args, { cwd, env: own, stdio: ["ignore", "pipe", "pipe"] });
    let rest = "";
    let words = "";
    child.stdout.setEncoding("latin1").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onName(decodeName(line));
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      words = (words + text).slice(-4 * mostWords);
    });
    child.once("error", (error) => {
      fail(new DeployError("filter-tool", `rsync cannot be run: ${error.message}`, { cause: error }));
    });
    child.once("close", (code, signal) => done({ code: code ?? String(signal), words }));
  });
}
