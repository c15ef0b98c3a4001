import { renderLine } from "./manifest.ts";
import type { Origin } from "./origin.ts";
import { renderStream } from "./stream.ts";
import type { Entry } from "./types.ts";

/**
 * Files whose whole manifest line (type, mode, size, hash, path) is in the base too. `base` comes from a host and is
 * only ever compared: a lying one costs that host its own verification.
 */
export function keptFrom(base: string, entries: readonly Entry[]): ReadonlySet<string> {
  const lines = new Set(base.split("\n"));
  const kept = entries.filter((entry) => entry.type === "file" && lines.has(renderLine(entry).slice(0, -1)));
  return new Set(kept.map((entry) => entry.path));
}

/** The stream for hosts that hold `keep` already. Throws what reading of the origin throws, before its end. */
export async function* renderDelta(origin: Origin, keep: ReadonlySet<string>): AsyncGenerator<Uint8Array> {
  const { entries, manifest, mtime } = origin;
  const reader = await origin.open();
  try {
    yield* renderStream({
      ...{ manifest, mtime, keep: [...keep] },
      entries: entries.filter((entry) => !keep.has(entry.path)),
      data: (entry) => reader.take(entry),
    });
  } finally {
    await reader.close();
  }
}
