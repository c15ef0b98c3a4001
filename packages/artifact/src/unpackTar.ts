import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DeployError } from "@deploy/core";
import type { ReadEntry } from "tar";
import { unwritable } from "./write.ts";

/**
 * The tree in a folder that came as a workflow artifact: of a single `.tar`, `.tar.gz` or `.tgz` what is in it, made in
 * `to` (empty) with its modes, links and dot files; else the folder itself. Throws `archive-refused`, before anything is made
 * where a name is at fault, and `artifact-unwritable` where there is no room for it.
 */
export async function unpackSource(folder: string, to: string): Promise<string> {
  const [name = "", ...others] = await readdir(folder);
  if (others.length > 0 || !/\.(?:tar|tar\.gz|tgz)$/.test(name)) return folder;
  const file = join(folder, name);
  await judge(file);
  const { extract } = await import("tar");
  // Strict: what it would leave out with a warning it refuses.
  await extract({ file, cwd: to, strict: true, chmod: true, processUmask: 0, preserveOwner: false }).catch(
    (error: NodeJS.ErrnoException) =>
      error.syscall === undefined ? refuse(error.message) : unwritable(to, error),
  );
  return to;
}

/** Reads it all, so that a name that is refused, or an end that is missing, is told before anything is made. */
async function judge(file: string): Promise<void> {
  const kinds = new Map<string, string>();
  let isWhole = false;
  const { Parser } = await import("tar");
  const parser = new Parser({
    strict: true,
    onReadEntry(entry) {
      const why = faultOf(entry, kinds);
      if (why === undefined) entry.resume();
      else parser.abort(new Error(why));
    },
  });
  parser.on("eof", () => {
    isWhole = true;
  });
  parser.on("ignoredEntry", ({ path, type }) =>
    parser.abort(new Error(`${JSON.stringify(path)} is a ${type}`)),
  );
  const bytes = createReadStream(file);
  try {
    await new Promise<void>((resolve, reject) => {
      parser.on("end", resolve).on("error", reject);
      bytes.on("error", reject).pipe(parser as unknown as NodeJS.WritableStream);
    });
  } catch (error) {
    refuse((error as Error).message);
  } finally {
    bytes.destroy();
  }
  if (!isWhole) refuse("it is cut off");
}

/** Nothing may go through a link or over what was, and a hard link is one to a file before it. */
function faultOf(entry: ReadEntry, kinds: Map<string, string>): string | undefined {
  const named = JSON.stringify(entry.path);
  const type = entry.type === "OldFile" ? "File" : entry.type;
  if (!["File", "Directory", "SymbolicLink", "Link"].includes(type)) return `${named} is a ${type}`;
  if (leadsOut(entry.path)) return `${named} leads out of it`;
  const path = plain(entry.path);
  const above = path.split("/").map((_, index, parts) => parts.slice(0, index).join("/"));
  for (const folder of above.slice(1)) {
    if ((kinds.get(folder) ?? "Directory") !== "Directory") return `${named} goes through what is no folder`;
    kinds.set(folder, "Directory");
  }
  const before = kinds.get(path);
  if (path !== "" && before !== undefined && (before !== "Directory" || type !== "Directory"))
    return `${named} is in it twice`;
  const isLink = type === "Link";
  if (isLink && (leadsOut(entry.linkpath ?? "") || kinds.get(plain(entry.linkpath ?? "")) !== "File"))
    return `${named} is a hard link to what is no file of it`;
  kinds.set(path, isLink ? "File" : type);
  return undefined;
}

const leadsOut = (name: string) => name.startsWith("/") || name.split("/").includes("..");
const plain = (name: string) =>
  name
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");

function refuse(why: string): never {
  throw new DeployError("archive-refused", `The tar cannot be unpacked: ${why}`);
}
