import type { Config } from "../config/types.ts";
import type { Facts, ReachedHost } from "../facts.ts";
import { code, codeBlock, details, markdownTable, words } from "../report/markdown.ts";
import { problemLines } from "../report/problems.ts";
import { truncateMarkdown } from "../report/truncate.ts";
import { currentWords, fleetWords, freeWords, hostsOf, lockWords, stateWords } from "./parts.ts";

/** `deploy status` for a job's summary, in GitHub's Markdown; at most 900 KiB. */
export function renderFactsMarkdown(facts: readonly Facts[], config: Config): string {
  const hosts = hostsOf(facts, config);
  const reached = hosts.filter((host) => host.reached);
  const lost = hosts.filter((host) => !host.reached);
  const blocks = [
    [`### ${words(config.app)} on ${words(config.environment)}`],
    [`**${words(fleetWords(hosts))}**`, `<br>Lock: ${words(lockWords(facts, config))}`],
    problemLines(lost.map(({ host, problem }) => ({ ...problem, place: { ...problem.place, host } }))),
    hostTable(hosts),
    reached.flatMap(missingLines),
    ...reached.map(hostDetails),
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return truncateMarkdown(`${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`);
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
  const rows = host.releases
    .map(({ id, state, commit }) => [code(id), words(state), code(commit?.slice(0, 7) ?? "")])
    .reverse();
  const releases = rows.length === 0 ? [] : markdownTable(["Release", "State", "Commit"], rows);
  const journal = host.journal.length === 0 ? [] : codeBlock(host.journal.join("\n"), "text");
  if (releases.length + journal.length === 0) return [];
  const gap = releases.length > 0 && journal.length > 0 ? [""] : [];
  return details(`Releases and journal of ${host.host}`, [...releases, ...gap, ...journal]);
}
