import type { HostDrift } from "@deploy/core";
import { type DriftQuestion, drift } from "@deploy/remote";
import { askSurely } from "./ask.ts";
import type { Fleet, Link } from "./fleet.ts";

/** Asks every host at once what was changed there by hand. In the fleet's order; never throws for what a host did. */
export function driftOf(fleet: Fleet, question: DriftQuestion): Promise<readonly HostDrift[]> {
  return Promise.all([...fleet.links.values()].map((link) => driftOn(link, question)));
}

async function driftOn(link: Link, question: DriftQuestion): Promise<HostDrift> {
  const host = link.host.name;
  if (link.transport === undefined) return { host, reached: false, why: "it was not reached" };
  const answer = await askSurely(link, drift(question));
  if (answer.status !== "ok") return { host, reached: false, why: answer.problem.message };
  return { host, reached: true, ...answer.value };
}
