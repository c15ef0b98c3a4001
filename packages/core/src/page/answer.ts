import { hostOf } from "../config/activate/asked.ts";
import { troubleWith } from "../doctor/outside/certificates.ts";
import { maintenanceWords } from "../maintenance.ts";
import { driftedIn } from "../plan/drift.ts";
import { count, few } from "../plan/words.ts";
import { liveRelease } from "../releases/live.ts";
import { driftWords } from "../status/drift.ts";
import {
  currentWords,
  drainedIn,
  frozenReason,
  heldIn,
  hostsOf,
  lateHostsOf,
  leftWords,
} from "../status/parts.ts";
import { findUnproved, fleetVerdict } from "../status/verdict.ts";
import type { StatusView } from "./view.ts";

/** `well`: all hosts were read, serve one release that was proved, and nothing is left to do. */
export interface Answer {
  readonly state: "well" | "look" | "unknown";
  /** The whole of it, in one sentence. */
  readonly words: string;
  /** What a person should know beside it, a sentence each. */
  readonly notes: readonly string[];
}

export function answerOf(view: StatusView): Answer {
  const { facts, config, drift = [] } = view;
  const hosts = hostsOf(facts, config);
  const reached = hosts.filter((host) => host.reached);
  const { state, unreachable } = fleetVerdict(facts, config);
  const frozen = frozenReason(facts, config);
  const notes = [
    ...(frozen === undefined ? [] : [`Frozen: ${frozen}`]),
    ...leftWords(facts, config),
    ...maintenanceWords(facts),
    ...drainedIn(facts),
    ...heldIn(facts, config),
    ...driftedIn(facts, config),
    ...driftWords(drift, 10),
    ...lateHostsOf(facts, config).map(
      ({ host, live, release }) => `${host} serves ${live}, the fleet is on ${release}`,
    ),
    ...unprovedNote(findUnproved(facts)),
    ...besideNotes(view),
    ...(unreachable.length === 0
      ? []
      : [`${few(unreachable)} could not be read: what is served there is not known`]),
  ];
  if (reached.length === 0) return { state: "unknown", words: "No host could be read", notes };
  const [most = "", number = 0] = largest(reached.map((host) => currentWords(host.current)));
  const nothing = reached.every((host) => liveRelease(host) === null) && most === "nothing";
  const words = nothing
    ? `Nothing was deployed yet to ${count(hosts.length, "host")}`
    : `${number} of ${count(hosts.length, "host")} ${number === 1 ? "serves" : "serve"} ${most}`;
  return { state: state === "same" && notes.length === 0 ? "well" : "look", words, notes };
}

function unprovedNote(hosts: readonly string[]): readonly string[] {
  return hosts.length === 0 ? [] : [`Whether the application answers was not proved on ${few(hosts)}`];
}

/** What stands beside the servers: a site's certificate, and its backups. */
function besideNotes({ config, now, certificate, backups }: StatusView): readonly string[] {
  const name = config.url === undefined ? "" : hostOf(config.url);
  const trouble = certificate && troubleWith(certificate, name, now);
  return [
    ...(trouble === undefined ? [] : [`Certificate: ${trouble}`]),
    ...(backups?.whole.length === 0 ? ["The store holds no whole backup"] : []),
    ...(backups === undefined || backups.damaged === 0
      ? []
      : [`${count(backups.damaged, "backup")} in the store cannot be used`]),
  ];
}

function largest(words: readonly string[]): readonly [string, number] | readonly [] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0] ?? [];
}
