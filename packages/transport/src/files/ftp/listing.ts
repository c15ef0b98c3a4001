import type { Socket } from "node:net";
import { DeployError } from "@deploy/core";
import { type Client, type FileInfo, FileType } from "basic-ftp";
import type { Entry } from "../port.ts";

/** Bytes of a listing or a text; a folder of 100,000 files has some ten million. */
export const longest = 64 * 1024 * 1024;

export async function text(data: Socket): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of data) {
    size += part.length;
    if (size > longest)
      throw new DeployError("answer-unreadable", `a folder's listing is over ${longest} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

const kinds: ReadonlyMap<FileType, Entry["kind"]> = new Map([
  [FileType.File, "file"],
  [FileType.Directory, "folder"],
  [FileType.SymbolicLink, "link"],
]);

/** MLSD (RFC 3659, 7), or whatever LIST shows: of the latter no time is taken, which has neither a zone nor seconds. */
export function entriesOf(client: Client, listing: string): readonly Entry[] {
  return client.parseList(listing).flatMap((info) => entryOf(info));
}

function entryOf({ name, type, size, modifiedAt, permissions }: FileInfo): readonly Entry[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (name === "" || name === "." || name === ".." || /[/\0-\x1f\x7f]/.test(name)) return [];
  const mode = permissions && permissions.user * 64 + permissions.group * 8 + permissions.world;
  return [
    {
      ...{ name, kind: kinds.get(type) ?? "other", size },
      ...(modifiedAt === undefined ? {} : { modified: Math.floor(modifiedAt.getTime() / 1000) }),
      ...(mode === undefined ? {} : { mode }),
    },
  ];
}
