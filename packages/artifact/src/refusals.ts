import type { Stats } from "node:fs";
import { DeployError, type ErrorCode, type Problem } from "@deploy/core";
import { largestFile } from "./tar.ts";

/** A path that may not be sent, as data: packing collects them and shows all at once. */
export function refuse(code: ErrorCode, path: string, message: string): Problem {
  return new DeployError(code, message, { place: { path: JSON.stringify(path).slice(1, -1) } }).problem;
}

/** Names that a manifest line or a host's shell tools cannot carry. */
export function checkName(path: string): Problem | undefined {
  const name = path.split("/").at(-1) ?? "";
  if (/\p{Cc}/u.test(name)) return refuse("name-refused", path, "The name holds a control character");
  if (name.includes("\\")) return refuse("name-refused", path, "The name holds a backslash");
  if (path === "REVISION")
    return refuse("revision-refused", path, "The tree has a top-level REVISION of its own");
  return undefined;
}

/** Kinds, modes and sizes that a host could not hold as they are. */
export function checkStats(path: string, stats: Stats): Problem | undefined {
  if (!stats.isFile() && !stats.isDirectory() && !stats.isSymbolicLink()) {
    return refuse("type-refused", path, `It is a ${kindOf(stats)}, which a release cannot hold`);
  }
  if (stats.isSymbolicLink()) return undefined;
  const mode = (stats.mode & 0o7777).toString(8);
  if ((stats.mode & 0o7000) !== 0) {
    return refuse("mode-refused", path, `Mode ${mode} has a setuid, setgid or sticky bit`);
  }
  const needed = stats.isDirectory() ? 0o700 : 0o400;
  if ((stats.mode & needed) !== needed) {
    return refuse("mode-refused", path, `Mode ${mode} keeps its own owner out`);
  }
  if (stats.isFile() && stats.size > largestFile) {
    return refuse("file-too-large", path, `${stats.size} bytes are more than a tar entry holds (8 GiB)`);
  }
  return undefined;
}

function kindOf(stats: Stats): string {
  if (stats.isFIFO()) return "fifo";
  if (stats.isSocket()) return "socket";
  return "device";
}

/** What a failing read says about the tree: it changed under us, or it is closed to us. Never returns. */
export function broken(path: string, error: unknown): never {
  const code = String((error as NodeJS.ErrnoException).code ?? error);
  const gone = ["ENOENT", "ENOTDIR", "ELOOP"].includes(code);
  throw new DeployError(
    gone ? "source-changed" : "source-unreadable",
    gone ? "It changed while it was packed" : `It cannot be read (${code})`,
    { place: { path: JSON.stringify(path).slice(1, -1) }, cause: error },
  );
}

/** What `act` gives; where it fails, as `broken`. */
export function tried<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    return broken(path, error);
  }
}
