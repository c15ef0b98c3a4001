import type { Sample } from "./measure.ts";

/** What, ours, theirs, and the most that it should be, if there is an aim. */
export type Ratio = readonly [what: string, ours: Sample, theirs: Sample, aim?: number];

/** Prints the medians and the ratios of the seconds. */
export function printTable(
  title: string,
  medians: Readonly<Record<string, Sample>>,
  ratios: readonly Ratio[],
): void {
  console.log(`\n${title}`);
  const head = [" ".repeat(32), "seconds".padStart(9), "CPU s".padStart(9), "peak MB".padStart(9)];
  console.log(head.join(""));
  for (const [name, { seconds, cpu, peak }] of Object.entries(medians)) {
    const cells = [seconds.toFixed(2), cpu.toFixed(2), peak.toFixed(0)].map((text) => text.padStart(9));
    console.log(name.padEnd(32) + cells.join(""));
  }
  for (const [what, ours, theirs, aim] of ratios) {
    const ratio = ours.seconds / theirs.seconds;
    const told = aim === undefined ? "" : `   aim at most ${aim}: ${ratio <= aim ? "met" : "missed"}`;
    console.log(`  ${what.padEnd(30)}${ratio.toFixed(2).padStart(9)}${told}`);
  }
}
