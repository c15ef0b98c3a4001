import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PackedArtifact } from "@deploy/artifact";
import {
  type ArtifactSource,
  DeployError,
  kindOf,
  type Phase,
  type Plan,
  rsyncSafe,
  rsyncTooOld,
  stepsOf,
} from "@deploy/core";
import type { RsyncCarrier } from "@deploy/engine";
import { localRsync, type RsyncSend, type RsyncSent, sendByRsync } from "@deploy/transport";

/** `close` takes away what was unpacked; nothing is carried after it. */
export type RsyncRoom = RsyncCarrier & { close(): Promise<void> };

/** What rsync needs of a packed release. */
export type Unpackable = Pick<PackedArtifact, "artifact" | "unpack">;

/**
 * Sends a packed release by rsync. It is verified and unpacked into a folder below `temp` once, when the first host asks.
 * Throws `rsync-unusable`, `artifact-damaged`, `artifact-unwritable`, `source-changed` and what `sendByRsync` throws.
 */
export function rsyncCarrier(packed: Unpackable, temp: string): RsyncRoom {
  let room: Promise<Unpacked> | undefined;
  const carry: RsyncCarrier = async (asked) => {
    room ??= unpack(packed, temp);
    const { folder, bytes } = await room;
    const { sent, stats, linked } = await sendReusing({ ...asked, folder });
    return { sent, saved: stats === undefined ? 0 : Math.max(0, bytes - stats.literal), linked };
  };
  const close = async () => {
    const made = await room?.catch(() => undefined);
    if (made !== undefined) await rm(made.parent, { recursive: true, force: true });
  };
  return Object.assign(carry, { close });
}

/** A release that another tool made, or that is gone, is nothing to build on: then everything is sent. */
async function sendReusing(send: RsyncSend): Promise<RsyncSent> {
  try {
    return await sendByRsync(send);
  } catch (error) {
    const changed = error instanceof DeployError && error.problem.code === "base-changed";
    if (!changed || send.from === null) throw error;
    return sendByRsync({ ...send, from: null });
  }
}

interface Unpacked {
  /** 0700; the tree itself has its own modes. */
  readonly parent: string;
  readonly folder: string;
  /** Sum of file sizes. */
  readonly bytes: number;
}

async function unpack({ artifact, unpack: into }: Unpackable, temp: string): Promise<Unpacked> {
  await localRsync();
  const parent = await mkdtemp(join(temp, "deploy-rsync-"));
  const folder = join(parent, "tree");
  try {
    await into(folder);
  } catch (error) {
    await rm(parent, { recursive: true, force: true });
    throw error;
  }
  return { parent, folder, bytes: artifact.bytes };
}

interface Request {
  readonly plan: Plan;
  readonly phases: readonly Phase[];
  readonly artifact?: ArtifactSource & Partial<Pick<PackedArtifact, "unpack">>;
}

/**
 * Runs `work` with a carrier for hosts that get the release by rsync. A runner without a usable rsync is told before
 * anything is touched, if the plan has such hosts; one whose files a host could read is told.
 */
export async function withRsync<T>(
  { plan, phases, artifact }: Request,
  work: (carrier: { readonly rsync?: RsyncCarrier }) => Promise<T>,
  tell: (text: string) => void,
): Promise<T> {
  if (artifact?.unpack === undefined || !phases.includes("prepare")) return work({});
  const wanted = stepsOf(plan, phases).some((step) => kindOf(step).needs?.(step).includes("rsync") === true);
  const version = wanted ? await localRsync() : rsyncSafe;
  if (rsyncTooOld(version, rsyncSafe)) tell(unsafe(version));
  const rsync = rsyncCarrier({ artifact: artifact.artifact, unpack: artifact.unpack }, tmpdir());
  try {
    return await work({ rsync });
  } finally {
    await rsync.close();
  }
}

function unsafe(version: string): string {
  return (
    `Warning: rsync ${version} on the runner. Below ${rsyncSafe} a host that was broken into can read files of the ` +
    "runner (CVE-2024-12086), unless its distribution mended that version: bring it up to date, or let " +
    "files travel another way."
  );
}
