import { bytes } from "@deploy/core";
import type { Progress } from "../types.ts";
import { span } from "./parts.ts";

const words: Readonly<Record<Progress["phase"], string>> = {
  dump: "Dumped",
  verify: "Read back",
  restore: "Restored",
};

/** `Dumped 312.0 MiB of about 1.2 GiB (26 %), 45.1 MiB/s, 20 s left`. */
export function progressLine({ phase, done, total, rate }: Progress): string {
  // An estimate that was passed says nothing any more.
  const known = total > 0 && done <= total;
  const about = phase === "dump" ? "about " : "";
  return [
    `${words[phase]} ${bytes(done)}`,
    known ? ` of ${about}${bytes(total)} (${Math.floor((done / total) * 100)} %)` : "",
    rate > 0 ? `, ${bytes(rate)}/s` : "",
    known && rate > 0 && done < total ? `, ${span(((total - done) / rate) * 1000)} left` : "",
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
