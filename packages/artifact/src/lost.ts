import type { Found } from "./walk.ts";

/** What the reading of a tree saw of the files' first bytes. */
export interface Heads {
  /** Paths of files that begin with `#!`. */
  readonly scripts: readonly string[];
  /** Of those in node_modules/.bin, the ones that npm and yarn make as links. */
  readonly copiedLinks: readonly string[];
  /** Text of the package.json at the top; "" for none. */
  readonly manifest: string;
}

/**
 * That a tree came by a way which keeps neither modes, nor links, nor dot files (actions/upload-artifact keeps none of
 * them): in words, undefined where nothing shows it. Modes of files that git keeps (`tracked`) are as they should be.
 */
export function lostOnTheWay(found: readonly Found[], heads: Heads, tracked: boolean): string | undefined {
  const lost = [...(tracked ? [] : lostModes(found, heads)), ...lostLinks(heads), ...lostDots(found, heads)];
  if (lost.length === 0) return undefined;
  return (
    `Files seem to have lost something on their way here: ${lost.join("; ")}. A workflow artifact keeps no modes, links ` +
    "or dot files, a tar in it does: `tar -cf app.tar -C dist .`"
  );
}

function lostModes(found: readonly Found[], { scripts }: Heads): readonly string[] {
  if (scripts.length === 0 || found.some((one) => one.type === "file" && one.mode === 0o755)) return [];
  return [
    `no file is executable, and ${first(scripts)} ${scripts.length === 1 ? "begins" : "begin"} with #!`,
  ];
}

function lostLinks({ copiedLinks }: Heads): readonly string[] {
  return copiedLinks.length === 0 ? [] : [`${first(copiedLinks)} should be links`];
}

/** Each of npm, yarn and pnpm leaves some in node_modules; a framework's start script names its own. */
function lostDots(found: readonly Found[], { manifest }: Heads): readonly string[] {
  const modules = found.filter(({ path }) => path.startsWith("node_modules/"));
  const emptied = modules.length > 0 && !modules.some(({ path }) => path.startsWith("node_modules/."));
  const folder = found.some(({ path }) => path.startsWith(".")) ? undefined : dotFolderOf(manifest);
  return [
    ...(emptied ? ["node_modules holds no name that begins with a dot"] : []),
    ...(folder === undefined ? [] : [`package.json starts something in ${folder}, which is missing`]),
  ];
}

/** `node .output/server/index.mjs` names one; `next start` means one. */
function dotFolderOf(manifest: string): string | undefined {
  try {
    const { main, scripts } = JSON.parse(manifest) as { main?: unknown; scripts?: { start?: unknown } };
    const text = `${main ?? ""} ${scripts?.start ?? ""}`;
    if (/\bnext start\b/.test(text)) return ".next";
    return /(?:^|\s)(?:\.\/)?(\.[A-Za-z][\w-]*)\//.exec(text)?.[1];
  } catch {
    return undefined;
  }
}

function first(paths: readonly string[]): string {
  const sorted = [...paths].sort();
  const more = sorted.length > 3 ? ` and ${sorted.length - 3} more` : "";
  return `${sorted.slice(0, 3).join(", ")}${more}`;
}
