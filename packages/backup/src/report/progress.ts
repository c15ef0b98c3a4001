import { dataSize, roughly } from "@deploy/core";
import type { Progress } from "../types.ts";

const words: Readonly<Record<Progress["phase"], string>> = {
  dump: "Dumped",
  verify: "Read back",
  restore: "Restored",
};

/** `Dumped 312 MB of about 1.2 GB (26 %), 45 MB/s, about 20 s left`. */
export function progressLine({ phase, done, total, rate }: Progress): string {
  // An estimate that was passed says nothing any more.
  const known = total > 0 && done <= total;
  const about = phase === "dump" ? "about " : "";
  return [
    `${words[phase]} ${dataSize(done)}`,
    known ? ` of ${about}${dataSize(total)} (${Math.floor((done / total) * 100)} %)` : "",
    rate > 0 ? `, ${dataSize(rate)}/s` : "",
    known && rate > 0 && done < total ? `, about ${roughly(((total - done) / rate) * 1000)} left` : "",
  ].join("");
}

/** Tells a line now and then: a log is read, not watched. `every` in milliseconds. */
export function progressLines(
  say: (line: string) => void,
  every: number,
  now: () => number = () => performance.now(),
): (progress: Progress) => void {
  let last = now();
  return (progress) => {
    if (now() - last < every) return;
    last = now();
    say(progressLine(progress));
  };
}
