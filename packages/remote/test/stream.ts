import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { ReceiveOptions } from "../src/index.ts";

/** An entry of the tree: a file's text, or a folder, or a link. */
export type Node =
  | { readonly type: "file"; readonly text: string; readonly mode?: number }
  | { readonly type: "directory"; readonly mode?: number }
  | { readonly type: "link"; readonly target: string };

export const file = (text: string, mode = 0o644): Node => ({ type: "file", text, mode });
export const directory = (mode = 0o755): Node => ({ type: "directory", mode });
export const link = (target: string): Node => ({ type: "link", target });

export interface TarEntry {
  readonly name: string;
  /** ustar type flag: 0 file, 1 hard link, 2 link, 3 character device, 5 directory, 6 fifo. */
  readonly flag: string;
  readonly mode: number;
  readonly text?: string;
  readonly target?: string;
}

export interface TestStream {
  readonly manifest: string;
  readonly payload: Uint8Array;
  readonly options: Pick<ReceiveOptions, "manifest" | "artifact" | "files" | "mtime" | "commit" | "run">;
}

export const mtime = 1_763_713_490;

/** The stream of a tree; `keep` names the files that the host copies; `extra` are hostile entries. */
export function streamOf(
  tree: Readonly<Record<string, Node>>,
  keep: readonly string[] = [],
  extra: readonly TarEntry[] = [],
): TestStream {
  const manifest = manifestOfTree(tree);
  const kept = new Set(keep);
  const entries = Object.entries(tree)
    .filter(([path]) => !kept.has(path))
    .map(([path, node]) => entryOf(path, node));
  const head: TarEntry[] = [
    { name: "manifest", flag: "0", mode: 0o644, text: manifest },
    { name: "keep", flag: "0", mode: 0o644, text: keep.map((path) => `${path}\n`).join("") },
  ];
  const files = Object.values(tree).filter((node) => node.type !== "directory").length;
  const options = {
    manifest: sha256(manifest),
    artifact: sha256("tar"),
    files,
    mtime,
    commit: "4f2a91c0",
    run: "https://example.com/1",
  };
  return { manifest, payload: gzipSync(tarOf([...head, ...entries, ...extra])), options };
}

/** The manifest alone, for a tree that rsync staged. */
export function rosterOf(tree: Readonly<Record<string, Node>>): TestStream {
  const stream = streamOf(tree);
  const head = { name: "manifest", flag: "0", mode: 0o644, text: stream.manifest };
  return { ...stream, payload: gzipSync(tarOf([head])) };
}

export function sha256(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}

export function manifestOfTree(tree: Readonly<Record<string, Node>>): string {
  const lines = Object.entries(tree).map(([path, node]) => {
    if (node.type === "link") return `l\t-\t-\t-\t${path}\t${node.target}\n`;
    if (node.type === "directory") return `d\t${(node.mode ?? 0o755).toString(8)}\t-\t-\t${path}\n`;
    return `f\t${(node.mode ?? 0o644).toString(8)}\t${Buffer.byteLength(node.text)}\t${sha256(node.text)}\t${path}\n`;
  });
  return lines
    .map((line) => Buffer.from(line))
    .sort(Buffer.compare)
    .map(String)
    .join("");
}

function entryOf(path: string, node: Node): TarEntry {
  const name = `tree/${path}`;
  if (node.type === "link") return { name, flag: "2", mode: 0o777, target: node.target };
  if (node.type === "directory") return { name: `${name}/`, flag: "5", mode: node.mode ?? 0o755 };
  return { name, flag: "0", mode: node.mode ?? 0o644, text: node.text };
}

export function tarOf(entries: readonly TarEntry[]): Uint8Array {
  return Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(1024)]);
}

function blocksOf(entry: TarEntry): Uint8Array[] {
  const long =
    Buffer.byteLength(entry.name) > 100
      ? blocksOf({ name: "././@LongLink", flag: "L", mode: 0, text: `${entry.name}\0` })
      : [];
  const body = Buffer.from(entry.text ?? "");
  const header = Buffer.alloc(512);
  header.write(entry.name, 0, 100);
  header.write(`${entry.mode.toString(8).padStart(7, "0")}\0`, 100);
  header.write("0000000\0" + "0000000\0", 108);
  header.write(`${body.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write(`${mtime.toString(8).padStart(11, "0")}\0`, 136);
  header.write("        ", 148);
  header.write(entry.flag, 156);
  header.write(entry.target ?? "", 157, 100);
  header.write("ustar\0" + "00", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return [...long, header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
}
