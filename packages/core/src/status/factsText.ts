import type { Config } from "../config/types.ts";
import { formatProblem } from "../errors.ts";
import type { Facts, ReachedHost } from "../facts.ts";
import { cleanLine } from "../report/clean.ts";
import { textTable } from "../report/table.ts";
import { currentWords, fleetWords, freeWords, hostsOf, lockWords, stateWords } from "./parts.ts";

/** `deploy status` for a terminal: lock, hosts, releases, the journal's end; ends with a line feed. */
export function renderFactsText(facts: readonly Facts[], config: Config): string {
  const hosts = hostsOf(facts, config);
  const reached = hosts.filter((host) => host.reached);
  const blocks = [
    [`${config.app} on ${config.environment}: ${fleetWords(hosts)}`, `lock: ${lockWords(facts, config)}`].map(
      cleanLine,
    ),
    hostLines(hosts),
    hosts.flatMap((host) => (host.reached ? [] : [`x ${cleanLine(formatProblem(withHost(host)))}`])),
    reached.flatMap(missingLines),
    ...reached.map(releaseLines),
    ...reached.map(journalLines),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
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
    .map(({ id, state, commit }) => [id === live ? "*" : "", id, state, commit?.slice(0, 7) ?? ""])
    .reverse();
  return [cleanLine(`releases on ${host.host}, newest first`), ...textTable(rows, "  ")];
}

function journalLines({ host, journal }: ReachedHost): readonly string[] {
  if (journal.length === 0) return [];
  return [cleanLine(`journal of ${host}`), ...journal.map((line) => `  | ${cleanLine(line)}`)];
}
