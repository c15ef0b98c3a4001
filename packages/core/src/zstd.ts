import { DeployError } from "./errors.ts";

/** Whether the Node that runs us packs and unpacks zstd: since 22.15; the actions bring 24, a desk may have less. */
export const zstdHere = process.versions.zstd !== undefined;

/** Throws `runtime-too-old` where this Node cannot. */
export function needZstd(here: boolean = zstdHere): void {
  if (here) return;
  throw new DeployError("runtime-too-old", `Node ${process.versions.node} neither packs nor unpacks zstd`);
}
