import type { Facts } from "@deploy/core";
import type { ProbeQuestion } from "@deploy/remote";
import { probe } from "@deploy/remote";
import { askSurely } from "./ask.ts";
import type { Fleet, Link } from "./fleet.ts";

/** Reads every host at once; a host that cannot be read is a fact too. In the fleet's order. */
export function probeFleet(fleet: Fleet, question: ProbeQuestion): Promise<readonly Facts[]> {
  return Promise.all([...fleet.links.values()].map((link) => probeHost(link, question)));
}

async function probeHost(link: Link, question: ProbeQuestion): Promise<Facts> {
  const host = link.host.name;
  if (link.transport === undefined && link.problem !== undefined) {
    return { host, reached: false, problem: link.problem };
  }
  const answer = await askSurely(link, probe(question));
  return answer.status === "ok"
    ? { host, reached: true, ...answer.value }
    : { host, reached: false, problem: answer.problem };
}
