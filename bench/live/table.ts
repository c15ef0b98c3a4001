import type { Peer } from "../upload/types.ts";

/** Seconds of each round of one peer. */
export interface Column {
  readonly peer: Peer;
  readonly seconds: number[];
}

/** A line for each peer: median, spread, and what our command is of it. */
export function printLive(
  where: { readonly hosts: number; readonly rtt: number },
  columns: readonly Column[],
): void {
  const ours = median(columns[0]?.seconds ?? []);
  console.log(
    `\n${where.hosts} hosts, ${where.rtt} ms of round trip put between; seconds, median (least to most), deploy run ÷ it`,
  );
  for (const { peer, seconds } of columns) {
    const spread = `${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)}`;
    const cells = [
      median(seconds).toFixed(2).padStart(8),
      spread.padStart(18),
      (ours / median(seconds)).toFixed(2).padStart(8),
    ];
    console.log(`${peer.name.padEnd(18)}${cells.join("")}`);
  }
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
