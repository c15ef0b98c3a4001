import { cleanLine, count, few } from "@deploy/core";
import { git } from "./commit.ts";
import type { LeftOut } from "./exclude.ts";
import type { PackOptions } from "./types.ts";

/**
 * What git ignores below `root`, relative to it, files that git keeps all the same apart; a folder ends in a slash and stands for what is
 * in it. Empty where git is missing or knows no repository, and where it ignores `root` itself: that is then meant as a whole.
 */
export async function listIgnored(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const asked = ["ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"];
  const paths = (await git(root, env, asked)).split("\0").filter((path) => path !== "");
  return paths.includes("./") ? [] : paths;
}

/** Asked after everything else that leaves out, so that it tells of what it alone leaves out. */
export interface Ignored {
  readonly leftOut: LeftOut;
  /** For people; undefined: nothing that nothing else leaves out. */
  words(): string | undefined;
}

/** What becomes of what git ignores: left out but for what is built, or packed and told of. */
export async function askGit({ root, filter, gitIgnored }: PackOptions): Promise<Ignored> {
  if (gitIgnored === undefined) return { leftOut: () => false, words: () => undefined };
  const { leave, built } = gitIgnored;
  const listed = new Set((await listIgnored(root, filter?.env ?? {})).map(plain));
  const kept = built.map(plain);
  const leads = (path: string) => kept.some((one) => isIn(path, one) || isIn(one, path));
  const met: string[] = [];
  const leftOut: LeftOut = (path, isDirectory) => {
    const within = upwards(path).filter((one) => listed.has(one));
    if (within.length === 0 || (leave && leads(path))) return false;
    // What is packed is met again in each of its folders.
    if (leave || within[0] === path) met.push(isDirectory ? `${path}/` : path);
    return leave;
  };
  return { leftOut, words: () => (met.length === 0 ? undefined : cleanLine(said(met.sort(), leave))) };
}

/** Names that are shown. */
const most = 5;

function said(paths: readonly string[], leave: boolean): string {
  const one = paths.length === 1;
  const names = `${count(paths.length, "path")} that git ignores ${one ? "is" : "are"}`;
  return leave
    ? `${names} left out: ${few(paths, most)}. What belongs into the release all the same: \`built\``
    : `${names} packed: ${few(paths, most)}. Name what the build makes as \`built\`: then the rest is left out, here as where nothing but the commit lies`;
}

const plain = (path: string): string => path.replace(/\/$/, "");

const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** A path and the folders it is in. */
function upwards(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}
