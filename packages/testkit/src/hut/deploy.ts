import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openPacked, packArtifact } from "@deploy/artifact";
import { type ArtifactSource, DeployError } from "@deploy/core";
import {
  armFlip,
  finish,
  flip,
  goLine,
  lockAcquire,
  lockRelease,
  manifestOf,
  probe,
  type RemoteCommand,
  receive,
} from "@deploy/remote";
import type { ExecOptions, Transport } from "@deploy/transport";

/** Text by path. */
export type Site = Readonly<Record<string, string>>;

export const base = "/site/deploy";
export const documentRoot = "/site/htdocs";

/** What a command answers. Throws what it refused, and `connection-lost` where nobody knows. */
export async function ask<T>(
  transport: Transport,
  command: RemoteCommand<T>,
  options?: ExecOptions,
): Promise<T> {
  const result = await transport.exec(command, options);
  if (result.status !== "exited") throw new DeployError("connection-lost", JSON.stringify(result));
  return command.parse(result);
}

export const look = (transport: Transport) => ask(transport, probe({ base, sharedFiles: [], journal: 20 }));

const packs: string[] = [];

export function dropPacks(): void {
  for (const folder of packs.splice(0)) rmSync(folder, { recursive: true });
}

export async function packSite(site: Site): Promise<ArtifactSource> {
  const folder = mkdtempSync(join(tmpdir(), "hut-"));
  packs.push(folder);
  for (const [path, text] of Object.entries(site)) {
    mkdirSync(dirname(join(folder, "tree", path)), { recursive: true });
    writeFileSync(join(folder, "tree", path), text);
    chmodSync(join(folder, "tree", path), path.endsWith(".sh") ? 0o755 : 0o644);
  }
  const options = { root: join(folder, "tree"), exclude: [], shared: [], time: 1_763_700_000 };
  const { directory } = await packArtifact({ ...options, directory: join(folder, "packed") });
  return openPacked(directory);
}

const ownerOf = (id: string) => ({
  ...{ id, repository: "o/r", run: "1", attempt: "1", actor: "me", commit: "0123abc", phase: "activate" },
});

export interface DeployOptions {
  /** Who had the lock and is known to be over. */
  readonly takeover?: string;
  readonly owner?: string;
  /** Called when the release lies there, and nothing is switched. */
  readonly prepared?: () => Promise<void>;
  readonly keep?: number;
}

/** As the engine does it with one host. Returns the bytes that went to the server for the release. */
export async function deploy(
  transport: Transport,
  id: string,
  artifact: ArtifactSource,
  { takeover, owner = `run-${id}`, prepared, keep = 5 }: DeployOptions = {},
): Promise<number> {
  const over = takeover === undefined ? {} : { takeover: { id: takeover } };
  const { token } = await ask(transport, lockAcquire({ base, owner: ownerOf(owner), lease: 600, ...over }));
  const fence = { base, token, owner };
  const facts = await look(transport);
  const from = facts.current.kind === "release" ? facts.current.release : null;
  const sent = await bring(transport, id, artifact, fence, from);
  await prepared?.();
  const go = async function* () {
    yield goLine;
  };
  await ask(transport, armFlip({ fence, expect: from, to: id, step: "activate" }), { input: go() });
  const older = facts.releases.map((release) => release.id).filter((one) => one !== id && one !== from);
  const removals = older.slice(0, Math.max(0, older.length + 2 - keep));
  await ask(transport, finish({ fence, release: id, bad: null, removals }));
  await ask(transport, lockRelease({ base, owner, token }));
  return sent;
}

async function bring(
  transport: Transport,
  id: string,
  artifact: ArtifactSource,
  fence: { readonly base: string; readonly token: number; readonly owner: string },
  from: string | null,
): Promise<number> {
  const known = from === null || from === id ? null : from;
  const text =
    known === null ? null : await ask(transport, manifestOf({ base, release: known }), { capture: 1e8 });
  const parcel = await artifact.parcel(text, "gzip");
  const { manifest, digest, files } = artifact.artifact;
  const command = receive({
    ...{
      fence,
      release: id,
      commit: "0123abc",
      manifest,
      artifact: digest,
      files,
      from: known,
      mtime: 1_763_700_000,
    },
    ...{ shared: { directories: [], files: [] }, ready: true, run: "", encoding: parcel.encoding },
    tenant: { app: "shop", environment: "production", repository: "o/r" },
  });
  await ask(transport, command, { input: parcel.read() });
  return parcel.bytes;
}

/** A rollback, or with `revert` the way back within a run. */
export async function goBack(
  transport: Transport,
  [expect, to]: readonly [string, string | null],
  step: "rollback" | "revert" = "rollback",
): Promise<void> {
  const owner = "run-back";
  const held = (await look(transport)).lock.owner?.id;
  const over = held === undefined ? {} : { takeover: { id: held } };
  const { token } = await ask(transport, lockAcquire({ base, owner: ownerOf(owner), lease: 600, ...over }));
  const fence = { base, token, owner };
  await ask(transport, flip({ fence, expect, to, step }));
  if (to !== null) await ask(transport, finish({ fence, release: to, bad: expect, removals: [] }));
  await ask(transport, lockRelease({ base, owner, token }));
}
