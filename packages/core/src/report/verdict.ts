import { duration } from "../amounts.ts";
import { count, few } from "../plan/words.ts";
import type { Style } from "../style.ts";
import { shortNames } from "./names.ts";
import { nowWords } from "./reportParts.ts";
import type { HostReport, Report } from "./types.ts";

/** The word that a run ends with: `REVERTED`, and `ROLLED BACK` where that was asked for. */
export function endWord({ result, kind, changed }: Pick<Report, "result" | "kind" | "changed">): string {
  return kind === "rollback" && result === "deployed" && changed ? "ROLLED BACK" : result.toUpperCase();
}

/** Nothing is to be looked at; `planned` and `prepared` are as far as was asked for. */
export function isWell({ result }: Pick<Report, "result">): boolean {
  return result === "deployed" || result === "prepared" || result === "planned";
}

/** What all releases are called that a report names. */
export function reportNames({ release, previous, hosts }: Report): (id: string) => string {
  const served = hosts.flatMap(({ before, now }) => [before, now]);
  return shortNames([release, previous, ...served].filter((id) => typeof id === "string"));
}

/** What the run came to, and where: the first line that anybody reads. */
export function verdictTitle(report: Report, { plain, code }: Style): string {
  const { result, kind, environment } = report;
  const [name, where] = [code(reportNames(report)(report.release)) || "the release", plain(environment)];
  const missed = {
    deploy: `${name} is not on ${where}`,
    rollback: `${where} was not rolled back`,
    reconcile: `${where} was not reconciled`,
  }[kind];
  const titles: Readonly<Record<Report["result"], string>> = {
    deployed: `✅ ${doneTitle(report, name, where)}`,
    prepared: `✅ Prepared: ${name}`,
    planned: `📝 Dry run: nothing was changed on ${where}`,
    failed: `❌ Failed: ${missed}, nothing was switched`,
    reverted: `❌ Went back: ${missed}`,
    held: `✋ Held: ${name} is on some hosts of ${where}, until a person says`,
    attention: `⚠️ Needs attention: ${where} may be mixed`,
    locked: `🔒 Locked: ${missed}, another run is at work`,
    cancelled: `⏹️ Cancelled: ${missed}`,
  };
  return result === "prepared" ? titles.prepared : `${titles[result]} · ${plain(report.app)}`;
}

function doneTitle({ changed, kind }: Report, name: string, where: string): string {
  if (!changed) return `Nothing to do: ${name} is live on ${where}`;
  if (kind === "rollback") return `ROLLED BACK: ${where} serves ${name} again`;
  return `${kind === "reconcile" ? "Reconciled" : "Deployed"}: ${name} is live on ${where}`;
}

/** Who serves what now, and for how long that was not so: `Both hosts serve 6319376 again. The site was affected for 21 s.` */
export function standingWords(report: Report, style: Style): string {
  const groups = new Map<HostReport["now"], HostReport[]>();
  for (const host of report.hosts) groups.set(host.now, [...(groups.get(host.now) ?? []), host]);
  const parts = [...groups.values()].map((hosts) => {
    const names = hosts.map(({ host }) => style.strong(host));
    const who = groups.size === 1 && hosts.length > 1 ? everyHost(hosts.length) : few(names);
    return servesWords(report, who, hosts, style);
  });
  const { window } = report.timings;
  const seen =
    window === undefined || report.result !== "reverted"
      ? ""
      : ` The site was affected for ${duration(window)}.`;
  return `${upper(parts.join("; "))}.${seen}`;
}

function servesWords(report: Report, who: string, hosts: readonly HostReport[], style: Style): string {
  const verb = hosts.length === 1 ? "serves" : "serve";
  const now = hosts[0]?.now;
  if (now === undefined) return `what ${who} ${verb} is unknown`;
  const same = hosts.every(({ before }) => before === now);
  const back = same ? (report.timings.window === undefined ? ", as before" : " again") : "";
  return `${who} ${verb} ${now === null ? nowWords(now) : style.code(reportNames(report)(now))}${back}`;
}

function everyHost(hosts: number): string {
  return hosts === 2 ? "both hosts" : `all ${count(hosts, "host")}`;
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The first question after a failure; "" where the release has no migration. */
export function databaseWords({ migrated, environment }: Report, { strong, plain }: Style): string {
  const asked = `The database of ${plain(environment)} was migrated for this release: `;
  switch (migrated) {
    case "none":
      return "";
    case "no":
      return `${asked}${strong("no")}.`;
    case "yes":
      return `${asked}${strong("yes")}, and it stays so.`;
    case "failed":
      return `${asked}${strong("in part")}, perhaps: its migration began and did not end well.`;
    case "unknown":
      return `${asked}${strong("unknown")}.`;
  }
}
