import type { Examination } from "@deploy/core";
import { type ExamineQuestion, examine } from "@deploy/remote";
import type { Clock } from "@deploy/transport";
import { askSurely } from "./ask.ts";
import { type Fleet, linkOf } from "./fleet.ts";

/** What a host said of itself, and how its clock stands to ours, in seconds; undefined where it did not answer. */
export interface HostExamined {
  readonly examined: Examination;
  readonly ahead: number;
  /** Half of the time that asking took: nobody knows when in between the host looked at its clock. */
  readonly unsure: number;
}

/** Asks one host; `undefined` where it is not reached or cannot answer. */
export async function examineHost(
  fleet: Fleet,
  host: string,
  question: ExamineQuestion,
  clock: Clock,
): Promise<HostExamined | undefined> {
  const link = linkOf(fleet, host);
  if (link.transport === undefined) return undefined;
  const before = clock.now();
  const answer = await askSurely(link, examine(question));
  const after = clock.now();
  if (answer.status !== "ok") return undefined;
  const ahead = answer.value.clock - (before + after) / 2000;
  return { examined: answer.value, ahead, unsure: (after - before) / 2000 };
}
