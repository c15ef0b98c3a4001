import type { Config } from "../config/types.ts";
import { formatProblem } from "../errors.ts";
import type { Facts, ReachedHost } from "../facts.ts";
import { maintenanceWords } from "../maintenance.ts";
import { driftedIn } from "../plan/drift.ts";
import { jobStateWords } from "../plan/jobs.ts";
import { cleanLine } from "../report/clean.ts";
import { textTable } from "../report/table.ts";
import {
  currentWords,
  drainedIn,
  fleetWords,
  freeWords,
  frozenReason,
  heldIn,
  hostsOf,
  lateHostsOf,
  leftWords,
  lockWords,
  stateWords,
} from "./parts.ts";

/** `deploy status` for a terminal: lock, hosts, jobs, releases, the journal's end; ends with a line feed. */
export function renderFactsText(facts: readonly Facts[], config: Config): string {
  const hosts = hostsOf(facts, config);
  const reached = hosts.filter((host) => host.reached);
  const blocks = [
    headLines(facts, config),
    hostLines(hosts),
    hosts.flatMap((host) => (host.reached ? [] : [`x ${cleanLine(formatProblem(withHost(host)))}`])),
    [...lateLines(facts, config), ...reached.flatMap(missingLines)],
    ...reached.map(jobLines),
    ...reached.map(releaseLines),
    ...reached.map(journalLines),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function headLines(facts: readonly Facts[], config: Config): readonly string[] {
  const frozen = frozenReason(facts, config);
  return [
    `${config.app} on ${config.environment}: ${fleetWords(hostsOf(facts, config))}`,
    `lock: ${lockWords(facts, config)}`,
    ...(frozen === undefined ? [] : [`frozen: ${frozen}`]),
  ].map(cleanLine);
}

/** A tail's lines stand behind a gutter: nothing a command printed passes for ours. */
function jobLines({ host, jobs = [] }: ReachedHost): readonly string[] {
  if (jobs.length === 0) return [];
  const table = textTable(
    jobs.map((job) => [job.id, jobStateWords(job), job.step ?? "", job.release]),
    "  ",
  );
  const tails = jobs.map(({ tail = [] }) => tail.map((line) => `    | ${cleanLine(line)}`));
  return [cleanLine(`jobs on ${host}`), ...table.flatMap((row, index) => [row, ...(tails[index] ?? [])])];
}

function lateLines(facts: readonly Facts[], config: Config): readonly string[] {
  return [
    ...leftWords(facts, config).map((words) => cleanLine(`! ${words}`)),
    ...[
      ...maintenanceWords(facts),
      ...drainedIn(facts),
      ...heldIn(facts, config),
      ...driftedIn(facts, config),
    ].map((words) => cleanLine(`! ${words}`)),
    ...lateHostsOf(facts, config).map(({ host, live, release }) => {
      return cleanLine(`! ${host} is late: it serves ${live}, the fleet is on ${release}`);
    }),
  ];
}

function withHost({ host, problem }: Extract<Facts, { reached: false }>): typeof problem {
  return { ...problem, place: { ...problem.place, host } };
}

function hostLines(hosts: readonly Facts[]): readonly string[] {
  const rows = hosts.map((host) =>
    host.reached
      ? [host.host, currentWords(host.current), stateWords(host), freeWords(host)]
      : [host.host, "not known", "", ""],
  );
  return textTable([["host", "live", "releases", "free"], ...rows]);
}

function missingLines({ host, missingShared, strangers }: ReachedHost): readonly string[] {
  return [
    ...missingShared.map((file) => cleanLine(`! ${host}: shared/${file} is missing`)),
    ...strangers.map((name) => cleanLine(`! ${host}: releases/${name} is no release, left alone`)),
  ];
}

function releaseLines(host: ReachedHost): readonly string[] {
  if (host.releases.length === 0) return [];
  const live = currentWords(host.current);
  const rows = host.releases
    .map(({ id, state, commit, backup }) => [
      id === live ? "*" : "",
      id,
      state,
      commit?.slice(0, 7) ?? "",
      backup === undefined ? "" : `backup ${backup.id}`,
    ])
    .reverse();
  return [cleanLine(`releases on ${host.host}, newest first`), ...textTable(rows, "  ")];
}

function journalLines({ host, journal }: ReachedHost): readonly string[] {
  if (journal.length === 0) return [];
  return [cleanLine(`journal of ${host}`), ...journal.map((line) => `  | ${cleanLine(line)}`)];
}
