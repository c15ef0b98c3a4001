import type { Config } from "../config/types.ts";
import type { Facts, ReachedHost } from "../facts.ts";
import { maintenanceWords } from "../maintenance.ts";
import { driftedIn } from "../plan/drift.ts";
import { jobStateWords } from "../plan/jobs.ts";
import { code, codeBlock, details, markdownTable, words } from "../report/markdown.ts";
import { problemLines } from "../report/problems.ts";
import { truncateMarkdown } from "../report/truncate.ts";
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

/** `deploy status` for a job's summary, in GitHub's Markdown; at most 900 KiB. */
export function renderFactsMarkdown(facts: readonly Facts[], config: Config): string {
  const hosts = hostsOf(facts, config);
  const reached = hosts.filter((host) => host.reached);
  const lost = hosts.filter((host) => !host.reached);
  const blocks = [
    [`### ${words(config.app)} on ${words(config.environment)}`],
    headLines(facts, config),
    problemLines(lost.map(({ host, problem }) => ({ ...problem, place: { ...problem.place, host } }))),
    hostTable(hosts),
    [...lateLines(facts, config), ...reached.flatMap(missingLines)],
    jobTable(reached),
    ...reached.flatMap(jobTails),
    ...reached.map(hostDetails),
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return truncateMarkdown(`${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`);
}

function headLines(facts: readonly Facts[], config: Config): readonly string[] {
  const frozen = frozenReason(facts, config);
  return [
    `**${words(fleetWords(hostsOf(facts, config)))}**`,
    `<br>Lock: ${words(lockWords(facts, config))}`,
    ...(frozen === undefined ? [] : [`<br>**Frozen**: ${words(frozen)}`]),
  ];
}

function lateLines(facts: readonly Facts[], config: Config): readonly string[] {
  return [
    ...[
      ...leftWords(facts, config),
      ...maintenanceWords(facts),
      ...drainedIn(facts),
      ...heldIn(facts, config),
      ...driftedIn(facts, config),
    ].map((text) => `- ${words(text)}`),
    ...lateHostsOf(facts, config).map(({ host, live, release }) => {
      return `- ${code(host)} is late: it serves ${words(live)}, the fleet is on ${code(release)}`;
    }),
  ];
}

function jobTable(hosts: readonly ReachedHost[]): readonly string[] {
  const rows = hosts.flatMap(({ host, jobs = [] }) =>
    jobs.map((job) => [
      code(host),
      code(job.id),
      words(jobStateWords(job)),
      words(job.step ?? ""),
      code(job.release),
    ]),
  );
  return rows.length === 0 ? [] : markdownTable(["Host", "Job", "State", "Step", "Release"], rows);
}

/** One closed part for each job that came with the end of its output. */
function jobTails({ host, jobs = [] }: ReachedHost): readonly (readonly string[])[] {
  return jobs.flatMap(({ id, tail = [] }) =>
    tail.length === 0
      ? []
      : [details(`End of the output of ${id} on ${host}`, codeBlock(tail.join("\n"), "text"))],
  );
}

function hostTable(hosts: readonly Facts[]): readonly string[] {
  const rows = hosts.map((host) =>
    host.reached
      ? [code(host.host), code(currentWords(host.current)), stateWords(host), freeWords(host)]
      : [code(host.host), "**not known**", "", ""],
  );
  return markdownTable(["Host", "Live", "Releases", "Free"], rows);
}

function missingLines({ host, missingShared, strangers }: ReachedHost): readonly string[] {
  return [
    ...missingShared.map((file) => `- ${code(host)}: ${code(`shared/${file}`)} is missing`),
    ...strangers.map((name) => `- ${code(host)}: ${code(`releases/${name}`)} is no release, left alone`),
  ];
}

function hostDetails(host: ReachedHost): readonly string[] {
  const backedUp = host.releases.some(({ backup }) => backup !== undefined);
  const rows = host.releases
    .map(({ id, state, commit, backup }) => [
      code(id),
      words(state),
      code(commit?.slice(0, 7) ?? ""),
      ...(backedUp ? [code(backup?.id ?? "")] : []),
    ])
    .reverse();
  const head = ["Release", "State", "Commit", ...(backedUp ? ["Backup made before"] : [])];
  const releases = rows.length === 0 ? [] : markdownTable(head, rows);
  const journal = host.journal.length === 0 ? [] : codeBlock(host.journal.join("\n"), "text");
  if (releases.length + journal.length === 0) return [];
  const gap = releases.length > 0 && journal.length > 0 ? [""] : [];
  return details(`Releases and journal of ${host.host}`, [...releases, ...gap, ...journal]);
}
