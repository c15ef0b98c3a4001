import type { Facts } from "@deploy/core";
import type { ProbeQuestion } from "@deploy/remote";
import { probe } from "@deploy/remote";
import type { Clock } from "@deploy/transport";
import { askSurely } from "./ask.ts";
import type { Fleet, Link } from "./fleet.ts";

/**
 * Reads every host at once; a host that cannot be read is a fact too. In the fleet's order. `clock`: ours, against which theirs are
 * held; without, they are not.
 */
export function probeFleet(fleet: Fleet, question: ProbeQuestion, clock?: Clock): Promise<readonly Facts[]> {
  return Promise.all([...fleet.links.values()].map((link) => probeHost(link, question, clock)));
}

async function probeHost(link: Link, question: ProbeQuestion, clock?: Clock): Promise<Facts> {
  const host = link.host.name;
  if (link.transport === undefined && link.problem !== undefined) {
    return { host, reached: false, problem: link.problem };
  }
  const before = clock?.now();
  const answer = await askSurely(link, probe(question));
  if (answer.status !== "ok") return { host, reached: false, problem: answer.problem };
  const facts = { host, reached: true, ...answer.value } as const;
  if (clock === undefined || before === undefined) return facts;
  const after = clock.now();
  // It counts whole seconds, of which half a one is over on average.
  const ahead = answer.value.clock + 0.5 - (before + after) / 2000;
  return { ...facts, skew: { ahead, unsure: (after - before) / 2000 } };
}
