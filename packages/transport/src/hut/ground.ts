import { DeployError } from "@deploy/core";
import type { Clock } from "../clock.ts";
import type { Files } from "../files/port.ts";
import { sha256, type Tree, type TreeFile, treeOf } from "./tree.ts";

/** A host's deploy-to, seen through files. */
export interface Ground {
  readonly files: Files;
  readonly clock: Clock;
  /** deploy-to, absolute. */
  readonly base: string;
  /** `.deploy`: what is ours alone. */
  readonly own: string;
  /** Where visitors read: files of a release are put in place there. */
  readonly root: string;
}

/** A state file is at most so long; a manifest has about 100 bytes a file. */
const longest = 64 * 1024 * 1024;

export async function* bytesOf(data: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof data === "string" ? new TextEncoder().encode(data) : data;
}

/**
 * A text of ours, which ends in a line end. Where a server replaces nothing in one step, a run that ended between the two left the new
 * text beside the place of the old.
 */
export async function readText({ files, own }: Ground, name: string): Promise<string | undefined> {
  for (const path of [`${own}/${name}`, `${own}/${name}.new`]) {
    const text = new TextDecoder().decode((await files.read(path, longest)) ?? new Uint8Array());
    if (text.endsWith("\n")) return text;
    if (files.can.replace) return undefined;
  }
  return undefined;
}

export async function putText({ files, own }: Ground, name: string, text: string): Promise<void> {
  await files.write(`${own}/${name}.new`, bytesOf(text));
  await files.rename(`${own}/${name}.new`, `${own}/${name}`);
}

/** In one line, split at blanks. */
export async function readWords(ground: Ground, name: string): Promise<readonly string[] | undefined> {
  return (await readText(ground, name))?.trimEnd().split(" ");
}

export interface Live {
  /** null: nothing of ours. */
  readonly current: string | null;
  /** A switch that began and was not seen to end: what lies in place is of both. */
  readonly begun?: { readonly from: string | null; readonly to: string | null };
}

const nameOf = (word = "-"): string | null => (word === "-" ? null : word);

export async function readLive(ground: Ground): Promise<Live> {
  const [current, begun] = await Promise.all([readWords(ground, "current"), readWords(ground, "switching")]);
  const live = nameOf(current?.[1]);
  if (begun === undefined || nameOf(begun[2]) === live) return { current: live };
  return { current: live, begun: { from: nameOf(begun[1]), to: nameOf(begun[2]) } };
}

export type State = "partial" | "ready" | "active" | "good" | "bad";

export type Release = Readonly<Record<string, unknown>> & {
  readonly state: State;
  readonly manifest: string;
};

export async function readRelease(ground: Ground, id: string): Promise<Release | undefined> {
  const text = await readText(ground, `releases/${id}.json`);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as Release & { schema?: unknown };
    if (value.schema === 1) return value;
  } catch {
    // Damaged is as another version's.
  }
  throw new DeployError("state-version", `${ground.own}/releases/${id}.json is not of format 1`);
}

export async function setState(ground: Ground, id: string, state: State): Promise<void> {
  const known = await readRelease(ground, id);
  if (known === undefined || known.state === state) return;
  await putText(ground, `releases/${id}.json`, `${JSON.stringify({ ...known, state })}\n`);
}

/** What a release is in place: its files, and the two that name it. null: what lay there before us. */
export async function readTree(ground: Ground, id: string | null): Promise<Tree> {
  if (id === null) return treeOf(unmarked((await readText(ground, "manifests/before")) ?? ""));
  const release = await readRelease(ground, id);
  const text = release && (await readManifest(ground, id, release.manifest));
  if (text === undefined)
    throw new DeployError("release-missing", `there is no release ${id} in ${ground.own}`);
  return treeOf(text, namesOf(id, String(release?.commit)));
}

/** By their hash, as they came over this connection: a run needs the same two again and again. */
const manifests = new WeakMap<Files, Map<string, string>>();

async function readManifest(ground: Ground, id: string, digest: string): Promise<string | undefined> {
  const known = manifests.get(ground.files)?.get(digest);
  if (known !== undefined) return known;
  const text = await readText(ground, `manifests/${id}`);
  if (text === undefined) return undefined;
  if (sha256(unmarked(text)) !== digest)
    throw new DeployError("manifest-damaged", `${ground.own}/manifests/${id} is not what was written there`);
  return keepManifest(ground, digest, unmarked(text));
}

export function keepManifest({ files }: Ground, digest: string, text: string): string {
  const known = manifests.get(files) ?? new Map<string, string>();
  manifests.set(files, known.set(digest, text));
  return text;
}

/** A text of ours ends in a line end, an empty one with it. */
export const marked = (text: string): string => (text === "" ? "\n" : text);
const unmarked = (text: string): string => (text === "\n" ? "" : text);

/** Files by which a release is told, as other hosts have them; a release's own of that name win. */
export function namesOf(id: string, commit: string): readonly (TreeFile & { readonly text: string })[] {
  return [
    ["RELEASE", id],
    ["REVISION", /^[0-9a-f]+$/.test(commit) ? commit : id],
  ].map(([path = "", name]) => {
    const text = `${name}\n`;
    return { path, text, mode: 0o644, size: text.length, sha256: sha256(text) };
  });
}

/** Where a file of a release lies while it is not in place. */
export const storedName = ({ path, sha256: digest }: TreeFile): string => sha256(`${path}\0${digest}`);

export const stored = ({ own }: Ground, file: TreeFile): string => `${own}/stored/${storedName(file)}`;

/** What lies in the store: bytes by name. A file that is shorter than its release says did not come whole. */
export async function readStore({ files, own }: Ground): Promise<ReadonlyMap<string, number>> {
  const entries = (await files.list(`${own}/stored`)) ?? [];
  return new Map(entries.map(({ name, size }) => [name, size]));
}

export const holds = (store: ReadonlyMap<string, number>, file: TreeFile): boolean =>
  store.get(storedName(file)) === file.size;

export const stamp = ({ clock }: Ground): string => `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;

export async function journal(
  ground: Ground,
  by: { readonly owner: string; readonly token: number },
  [from, to, step]: readonly [string | null, string | null, string],
): Promise<void> {
  const { files, own } = ground;
  const entry = { time: stamp(ground), run: by.owner, token: by.token, from, to, step, result: "ok" };
  const lies = (await files.list(own))?.find(({ name }) => name === "journal.jsonl")?.size ?? 0;
  await files.write(`${own}/journal.jsonl`, bytesOf(`${JSON.stringify(entry)}\n`), { from: lies });
}

const folders = ["", "/releases", "/manifests", "/stored"];

export async function makeBase({ files, base, own, root }: Ground): Promise<void> {
  // The last that is made: where it is, all of ours is.
  if ((await files.list(`${own}/lock`)) === undefined) {
    for (const folder of pathsTo(base)) await files.makeFolder(folder);
    for (const folder of folders) await files.makeFolder(own + folder);
    // Where deploy-to is served all the same: most such servers read this.
    if ((await files.list(own))?.some(({ name }) => name === ".htaccess") !== true)
      await files.write(`${own}/.htaccess`, bytesOf("Require all denied\n"));
    for (const folder of pathsTo(root)) await files.makeFolder(folder);
    await files.makeFolder(`${own}/lock`);
  } else
    await files.makeFolder(root).catch(async () => {
      for (const folder of pathsTo(root)) await files.makeFolder(folder);
    });
}

function pathsTo(folder: string): readonly string[] {
  const parts = folder.split("/").filter((part) => part !== "");
  return parts.map((_, at) => `/${parts.slice(0, at + 1).join("/")}`);
}
