import { type Answered, askedAt, type Examination, type Health, problemOf } from "@deploy/core";
import { type ExamineQuestion, examine } from "@deploy/remote";
import type { Clock } from "@deploy/transport";
import { faultOf } from "../steps/healthFault.ts";
import { askSurely } from "./ask.ts";
import { type Fleet, type Link, linkOf } from "./fleet.ts";

/** What a host said of itself, and its app. */
export interface HostExamined {
  readonly examined: Examination;
  /** Absent: nothing is live there, or no health is asked for. */
  readonly answered?: Answered;
}

/** The app is asked as a deploy asks it, for the release that is live. */
export interface HostAsked extends ExamineQuestion {
  readonly health?: Health | undefined;
  readonly live: string | null;
}

/** Asks one host; `undefined` where it is not reached or cannot answer. */
export async function examineHost(
  fleet: Fleet,
  host: string,
  { health, live, ...question }: HostAsked,
  clock: Clock,
): Promise<HostExamined | undefined> {
  const link = linkOf(fleet, host);
  if (link.transport === undefined) return undefined;
  const answer = await askSurely(link, examine(question));
  if (answer.status !== "ok") return undefined;
  const answered =
    health === undefined || live === null ? undefined : await askApp(link, health, live, clock);
  return { examined: answer.value, ...(answered === undefined ? {} : { answered }) };
}

async function askApp(link: Link, health: Health, live: string, clock: Clock): Promise<Answered | undefined> {
  const { url, headers = [], timeout } = health;
  const rehearsal = { status: health.status, headers: { "x-release": live }, body: "" };
  const before = clock.now();
  try {
    const answer = await link.transport?.http({ url, address: askedAt(health), headers, timeout, rehearsal });
    if (answer === undefined) return undefined;
    const fault = faultOf(answer, health, live);
    const cached = answer.headers.age !== undefined || /\bhit\b/i.test(answer.headers["x-cache"] ?? "");
    return {
      ...{ took: clock.now() - before, cached },
      ...(fault === undefined ? {} : { fault: fault.said }),
      ...(fault?.hint === undefined ? {} : { hint: fault.hint }),
    };
  } catch (error) {
    const { message, hint } = problemOf(error);
    return { took: clock.now() - before, cached: false, fault: `did not answer: ${message}`, hint };
  }
}
