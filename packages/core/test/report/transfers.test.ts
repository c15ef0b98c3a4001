import {
  type Host,
  makeReport,
  type Outcome,
  type Report,
  renderReportJson,
  renderReportMarkdown,
  renderReportText,
} from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { allOk, configOf, deployPlan, hostOf, liveAll, minted, reachedHost } from "../fixtures.ts";

type Transfers = Readonly<Record<string, Outcome["transfer"]>>;

/** A deploy in which each host took half a second longer than the one before. */
function reported(hosts: readonly Host[], transfers: Transfers): Report {
  const facts = hosts.map(({ name }) => reachedHost(name));
  const plan = deployPlan(configOf({ hosts, leader: hosts[0]?.name ?? "" }), facts);
  const outcomes = allOk(plan).map((outcome): Outcome => {
    const transfer = outcome.step === "upload" ? transfers[outcome.host] : undefined;
    if (transfer === undefined) return outcome;
    return { ...outcome, milliseconds: 500 * (1 + Object.keys(transfers).indexOf(outcome.host)), transfer };
  });
  const live = liveAll(plan, minted);
  return makeReport({ plan, outcomes, live, timings: { total: 2_000 }, dryRun: false, cancelled: false });
}

const three = ["web1", "web2", "web3"].map((name) => hostOf(name));
const mixed: Transfers = {
  web1: { method: "artifact", sent: 1_050_000, saved: 19_000_000 },
  web2: { method: "artifact", sent: 104_000, saved: 19_000_000 },
  web3: { method: "rsync", sent: 0, saved: 0 },
};

const tableOf = (report: Report): string =>
  /\| host \| method [\s\S]*?(?=\n\n<)/.exec(renderReportMarkdown(report))?.[0] ?? "";

describe("what uploads took", () => {
  test("as a table with totals", () => {
    expect(tableOf(reported(three, mixed))).toBe(`| host | method | sent | saved | MB/s | time |
| --- | --- | --- | --- | --- | --- |
| \`web1\` | artifact | 1.1 MB | 19 MB | 2.1 | 500 ms |
| \`web2\` | artifact | 104 kB | 19 MB | 0.1 | 1 s |
| \`web3\` | rsync | 0 B | 0 B |  | 1.5 s |
| all 3 | artifact, rsync | 1.2 MB | 38 MB | 0.8 | 1.5 s |`);
  });

  test("what they came to stands where the table is closed", () => {
    expect(renderReportMarkdown(reported(three, mixed))).toContain(
      "<details><summary>Every step on every host · upload: 1.2 MB sent to 3 hosts, 38 MB kept there, web3 the slowest in 1.5 s</summary>",
    );
  });

  test("in the text report it is one line", () => {
    expect(renderReportText(reported(three, mixed))).toContain(
      "\n\nupload: 1.2 MB sent to 3 hosts, 38 MB kept there, web3 the slowest in 1.5 s\n\n2 s in all\n",
    );
    const [one] = three;
    const alone = reported(one === undefined ? [] : [one], mixed);
    expect(renderReportText(alone)).toContain("upload: 1.1 MB sent to web1, 19 MB kept there, in 500 ms\n");
    expect(tableOf(alone).split("\n").length).toBe(3);
  });

  test("as JSON it stands with its outcome", () => {
    const { hosts } = JSON.parse(renderReportJson(reported(three, mixed))) as Report;
    const found = hosts.map(({ outcomes }) => outcomes.flatMap(({ transfer }) => transfer ?? []));
    expect(found).toEqual([[mixed.web1], [mixed.web2], [mixed.web3]]);
  });

  test("where nothing was uploaded nothing is said", () => {
    const report = reported(three, {});
    expect([tableOf(report), renderReportText(report).includes("upload:")]).toEqual(["", false]);
  });
});
