import { findKind, type Live, type Outcome, type Plan } from "@deploy/core";
import { current } from "@deploy/remote";
import { askSurely } from "./hosts/ask.ts";
import { type Fleet, linkOf } from "./hosts/fleet.ts";

/** What each host serves now, read from the host: the report is made from facts, not from memory. */
export async function readLive(
  fleet: Fleet,
  plan: Plan,
  outcomes: readonly Outcome[],
  dryRun: boolean,
): Promise<readonly Live[]> {
  const told = new Map(
    outcomes.flatMap(({ host, live }) => (live === undefined ? [] : [[host, live] as const])),
  );
  const untouched = dryRun || !outcomes.some(mayHaveChanged);
  return Promise.all(
    plan.hosts.map(async ({ host, from, reached }): Promise<Live> => {
      if (reached === false) return { host, release: undefined };
      if (untouched) return { host, release: from };
      const known = told.get(host);
      return { host, release: known === undefined ? await readRelease(fleet, host, plan) : known };
    }),
  );
}

async function readRelease(fleet: Fleet, host: string, plan: Plan): Promise<string | null | undefined> {
  const answer = await askSurely(linkOf(fleet, host), current(plan.deployTo));
  if (answer.status !== "ok") return undefined;
  if (answer.value.kind === "release") return answer.value.release;
  return answer.value.kind === "none" ? null : undefined;
}

function mayHaveChanged({ step, status, undoes }: Outcome): boolean {
  return undoes !== undefined || (status !== "skipped" && findKind(step)?.effect === "live");
}
