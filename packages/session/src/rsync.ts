import { tmpdir } from "node:os";
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
import { type Unpackable, unpackedRoom } from "./unpacked.ts";

/** `close` takes away what was unpacked; nothing is carried after it. */
export type RsyncRoom = RsyncCarrier & { close(): Promise<void> };

/**
 * Sends a packed release by rsync. It is verified and unpacked into a folder below `temp` once, when the first host asks.
 * Throws `rsync-unusable`, `artifact-damaged`, `artifact-unwritable`, `source-changed` and what `sendByRsync` throws.
 */
export function rsyncCarrier(packed: Unpackable, temp: string): RsyncRoom {
  const room = unpackedRoom(packed, temp);
  let usable: Promise<string> | undefined;
  const { bytes } = packed.artifact;
  const carry: RsyncCarrier = async (asked) => {
    usable ??= localRsync();
    await usable;
    const { sent, stats, linked } = await sendReusing({ ...asked, folder: await room.tree() });
    return { sent, saved: stats === undefined ? 0 : Math.max(0, bytes - stats.literal), linked };
  };
  return Object.assign(carry, { close: () => room.close() });
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
