import { createHash } from "node:crypto";
import { DeployError } from "@deploy/core";
import type { Entry } from "../files/port.ts";
import { each } from "./converge.ts";
import type { Ground } from "./ground.ts";
import { foldersOf, sha256, type Tree, type TreeFile } from "./tree.ts";

/** What lies at paths of a tree already, by path. Only folders of the tree are looked into. */
async function standing(ground: Ground, tree: Tree): Promise<ReadonlyMap<string, Entry>> {
  const found = new Map<string, Entry>();
  const wanted = foldersOf(tree);
  const look = async (folder: string): Promise<void> => {
    const at = folder === "" ? "" : `${folder}/`;
    const entries = (await ground.files.list(`${ground.root}/${folder}`.replace(/\/$/, ""))) ?? [];
    const below = entries.filter((entry) => tree.files.has(at + entry.name) || wanted.has(at + entry.name));
    for (const entry of below) found.set(at + entry.name, entry);
    for (const { name, kind } of below) if (kind === "folder" && wanted.has(at + name)) await look(at + name);
  };
  await look("");
  return found;
}

/**
 * The site before the first deploy, as far as it is in the way of a release: what has the size of the new is read back, and what is the
 * same is not sent. What is other is kept aside by the switch, and comes back with the way back.
 */
export async function beforeUs(ground: Ground, tree: Tree): Promise<Tree> {
  const lies = await standing(ground, tree);
  const files = new Map<string, TreeFile>();
  await each(ground, [...lies], async ([path, entry]) => {
    const file = tree.files.get(path);
    if (file === undefined && entry.kind === "folder") return;
    if (file === undefined || entry.kind !== "file") throw taken(path, entry);
    const alike = entry.size === file.size && (await digestOf(ground, path)) === file.sha256;
    // Told apart by more than its bytes, which were not read.
    const digest = alike ? file.sha256 : sha256(`before\0${path}\0${entry.size}`);
    files.set(path, { path, mode: entry.mode ?? 0o644, size: entry.size, sha256: digest });
  });
  const folders = [...lies].filter(([, { kind }]) => kind === "folder").map(([path]) => path);
  return { files, folders };
}

/** Throws where something of somebody else's lies at a path that a release wants anew. */
export async function inTheWay(ground: Ground, tree: Tree, now: Tree): Promise<void> {
  const fresh = [...tree.files.values()].filter(({ path }) => !now.files.has(path));
  if (fresh.length === 0) return;
  const added: Tree = { files: new Map(fresh.map((file) => [file.path, file])), folders: [] };
  const folders = foldersOf(added);
  for (const [path, entry] of await standing(ground, added))
    if (!(entry.kind === "folder" && folders.has(path)) && !now.files.has(path)) throw taken(path, entry);
}

function taken(path: string, { kind }: Entry): DeployError {
  return new DeployError(
    "path-taken",
    `${path} is on the server already, a ${kind} that deploy did not put there`,
  );
}

async function digestOf({ files, root }: Ground, path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of files.stream(`${root}/${path}`)) hash.update(chunk);
  return hash.digest("hex");
}
