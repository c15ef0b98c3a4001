import { createHash } from "node:crypto";
import type { Entry } from "./types.ts";

/** Byte-sorted, tab-separated lines, each ended by a newline: the same text on every machine. */
export function renderManifest(entries: readonly Entry[]): string {
  return sortBytes(entries.map(renderLine), (line) => line).join("");
}

export function renderLine(entry: Entry): string {
  const fields =
    entry.type === "directory"
      ? ["d", octal(entry.mode), "-", "-", entry.path]
      : entry.type === "file"
        ? ["f", octal(entry.mode), entry.size, entry.sha256, entry.path]
        : ["l", "-", "-", "-", entry.path, entry.target];
  return `${fields.join("\t")}\n`;
}

/** Reads back what `renderManifest` wrote; undefined for a text it cannot have written. */
export function parseManifest(text: string): readonly Entry[] | undefined {
  const entries: Entry[] = [];
  for (const line of text.split("\n").slice(0, -1)) {
    const entry = parseLine(line);
    if (entry === undefined) return undefined;
    entries.push(entry);
  }
  return renderManifest(entries) === text ? entries : undefined;
}

function parseLine(line: string): Entry | undefined {
  const [type, mode = "", size = "", sha256 = "", path = "", target] = line.split("\t");
  if (type === "d") return { type: "directory", path, mode: Number.parseInt(mode, 8) };
  if (type === "f") return { type: "file", path, mode: Number.parseInt(mode, 8), size: Number(size), sha256 };
  if (type === "l" && target !== undefined) return { type: "link", path, target };
  return undefined;
}

/**
 * Sorted by the bytes of a text. As Latin-1 each byte is one character, so that strings compare as bytes do: JavaScript's
 * own order is by UTF-16, and differs.
 */
export function sortBytes<T>(all: readonly T[], text: (one: T) => string): T[] {
  const keyed = all.map((one) => ({ one, key: Buffer.from(text(one)).toString("latin1") }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ one }) => one);
}

/** Lower-case hex SHA-256. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function octal(mode: number): string {
  return mode.toString(8);
}
