import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hostTree } from "@deploy/testkit";

export type Random = (below: number) => number;

/** mulberry32: the same numbers for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const words = [
  ...[
    "a",
    "index.js",
    "b c",
    " lead",
    "trail ",
    "ü",
    "u\u0308",
    "日本",
    "😀",
    "it's",
    'q"',
    "$(id)",
    "`x`",
    "100%",
  ],
  ...["-rf", "--delete", "#hash", "a;b", "x&y", "star*", "[br]", "~", ".hidden", "..two", "tree"],
  ...[
    "manifest",
    "keep",
    "a:b",
    "x=y",
    "@at",
    "CON",
    "node_modules",
    "file,v",
    "\u2028sep",
    "!bang",
    "- minus",
  ],
];
const modes = [0o644, 0o644, 0o755];

/** A tree of every kind of thing that may be packed, from a seed. */
export function growTree(root: string, random: Random, files: number): void {
  mkdirSync(root, { recursive: true });
  for (let index = 0; index < files; index++) addFile(root, pathFrom(random, index), random);
  for (let index = 0; index < 4; index++)
    mkdirSync(join(root, `empty ${index}`, "ü".repeat(index)), { recursive: true });
  symlinkSync("missing yet", join(root, "dangling"));
  symlinkSync("../link to itself is fine", join(mkdir(root, "down"), "climbs but stays"));
  symlinkSync(".", join(root, "down", "here"));
}

/** Changes of every kind: other bytes of the same size, longer, other mode, gone, new, a file for a folder and back. */
export function changeTree(root: string, random: Random, round: number): void {
  const files = hostTree(root).flatMap(({ path, type }) => (type === "file" ? [path] : []));
  for (const path of files) {
    const full = join(root, path);
    const what = random(8);
    const stat = statSync(full, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    if (what === 0) rewrite(full, Buffer.alloc(stat.size, `${round}`));
    else if (what === 1) rewrite(full, Buffer.from(`longer ${round} ${path}`.repeat(1 + random(40))));
    else if (what === 2) chmodSync(full, modes[random(modes.length)] ?? 0o644);
    else if (what === 3) rmSync(full);
    else if (what === 4 && random(3) === 0) {
      rmSync(full);
      addFile(full, `now a folder ${round}`, random);
    }
  }
  for (let index = 0; index < 5; index++) addFile(root, `new ${round}/${pathFrom(random, index)}`, random);
  rmSync(join(root, `empty ${round % 4}`), { recursive: true, force: true });
}

/** So many files of a few bytes in folders of a hundred. */
export function growMany(root: string, files: number): void {
  for (let index = 0; index < files; index++) {
    const path = join(root, `many/${Math.floor(index / 100)}/${index}.txt`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${index}\n`);
  }
}

function rewrite(path: string, bytes: Buffer): void {
  const { mode } = statSync(path);
  chmodSync(path, 0o600);
  writeFileSync(path, bytes);
  chmodSync(path, mode & 0o777);
}

function addFile(root: string, path: string, random: Random): void {
  const full = join(root, path);
  try {
    mkdirSync(dirname(full), { recursive: true });
    rmSync(full, { recursive: true, force: true });
    const size = random(5) === 0 ? 0 : random(random(6) === 0 ? 300_000 : 3_000);
    writeFileSync(full, Buffer.alloc(size, `${random(1_000_000)} `));
    chmodSync(full, modes[random(modes.length)] ?? 0o644);
  } catch (error) {
    // A word that is a file already cannot be a folder too: that one is left out.
    if (!["ENOTDIR", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

function pathFrom(random: Random, index: number): string {
  const depth = random(12) === 0 ? 20 : random(4);
  const folders = Array.from({ length: depth }, () => words[random(words.length)] ?? "x");
  return [...folders, `${words[random(words.length)]}${random(3) === 0 ? index : ""}`].join("/");
}

function mkdir(root: string, name: string): string {
  mkdirSync(join(root, name), { recursive: true });
  return join(root, name);
}
