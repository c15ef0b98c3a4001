import type { Exchange, Peer, Sample } from "./types.ts";

/** One tool's samples. */
export interface Column {
  readonly peer: Peer;
  cold: Sample | undefined;
  readonly warm: Sample[];
}

/** Prints seconds, ratios to the floor, CPU per host, memory and skew. */
export function printTable(hosts: number, exchange: Exchange, columns: readonly Column[]): void {
  const head = ["warm s", "×copy", "×link", "CPU ms/host", "cold s", "×copy", "peak MB", "skew ms"];
  console.log([" ".repeat(16), ...head.map((cell) => cell.padStart(12))].join(""));
  const [copy, link] = columns;
  for (const column of columns) {
    const { peer, cold, warm } = column;
    const cells = [
      show(median(warm, "seconds"), 2),
      show(median(warm, "seconds") / median(copy?.warm ?? [], "seconds"), 2),
      show(median(warm, "seconds") / median(link?.warm ?? [], "seconds"), 2),
      show((median(warm, "cpu") / hosts) * 1_000, 0),
      show(cold?.seconds ?? Number.NaN, 2),
      show((cold?.seconds ?? Number.NaN) / (copy?.cold?.seconds ?? Number.NaN), 2),
      show(median(warm, "peak"), 0),
      show(median(warm, "skew"), 0),
    ];
    const line = [peer.name.padEnd(16), ...cells.map((cell) => cell.padStart(12))].join("");
    console.log(`${line}   ${peer.exchange(exchange)}`);
  }
}

function median(samples: readonly Sample[], field: keyof Sample): number {
  const found = samples.flatMap((sample) => sample[field] ?? []).sort((one, other) => one - other);
  return found[Math.floor((found.length - 1) / 2)] ?? Number.NaN;
}

function show(number: number, digits: number): string {
  return Number.isNaN(number) ? "-" : number.toFixed(digits);
}
