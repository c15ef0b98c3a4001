import {
  type Delivery,
  markdown,
  type Plan,
  renderPlanMarkdown,
  renderPlanText,
  type Step,
  type StepName,
  type StepOf,
} from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { plannedScene } from "./scenes.ts";

const plan = plannedScene();

/** The plan, one of its steps changed. */
function withStep<Name extends StepName>(name: Name, changes: Partial<StepOf<Name>>): Plan {
  const change = (step: Step): Step => (step.step === name ? { ...step, ...changes } : step);
  return { ...plan, stages: plan.stages.map((stage) => ({ ...stage, steps: stage.steps.map(change) })) };
}

describe("a plan, rendered", () => {
  test("as text: what goes where, in which order, with the exact commands", () => {
    expect(renderPlanText(plan)).toBe(`Plan: deploy 4f2a91c to production · shop
4f2a91c to 3 hosts of production: 2 prepare commands, backup, migration, switch together

! The backup stays on the leader's own disk, not encrypted: it is lost with that server.
! releases/ on web2 holds what is no release, left alone: x|y

Hosts, in /var/www/shop, as deploy
  host           roles        now                       then
  web1 (leader)  web          20261120T101010Z-0a1b2c3  20261121T084450Z-4f2a91c
  web2           web          20261120T101010Z-0a1b2c3  20261121T084450Z-4f2a91c
  web3           web, worker  20261120T101010Z-0a1b2c3  20261121T084450Z-4f2a91c

Steps
  1. upload on all 3 hosts: 200 files, 1.0 MB
  2. prepare on all 3 hosts: in the new release folder
       $ npm ci --omit=dev
  3. prepare on web3: in the new release folder, with shared/.env
       $ npm run warm
  4. backup on web1: the SQLite file shared/db/shop.sqlite3, on the leader's own disk, NOT encrypted; proved by an integrity check; the newest 14 are kept
  5. migrate on web1: once, in the new release folder, with shared/.env; a cancelled run leaves it running; 5 min without output are reported
       $ npm run migrate
  6. switch on all 3 hosts: current is replaced on all of them together
  7. reload on all 3 hosts: in the live folder
       $ sudo systemctl reload shop
  8. health on all 3 hosts: http://127.0.0.1:8080/up answers 200 and the release's id 2 times in a row within 30 s, or all go back
  9. finish on all 3 hosts: mark the release good, remove old ones

On a host that fails, before it goes back
       $ journalctl --user -u shop -n 30

Removed after success
  20261119T101010Z-9999999  all 3 hosts  older than the newest 2 good releases

To go back afterwards, to 0a1b2c3: deploy rollback --environment production

plan ${plan.digest}
`);
  });

  test("as Markdown: what a reviewer reads, then the same text, then a picture", () => {
    const [head, text] = renderPlanMarkdown(plan).split("```text\n");
    expect(head).toBe(`### Plan: deploy \`4f2a91c\` to production · shop

> [!CAUTION]
> The backup stays on the leader's own disk, **not encrypted**: it is lost with that server.

> [!WARNING]
> releases/ on web2 holds what is no release, left alone: x\\|y

| host | roles | live now (UTC) | will be |
| --- | --- | --- | --- |
| **web1** leader | web | \`0a1b2c3\` 20 Nov 2026 10:10 | \`4f2a91c\` |
| **web2** | web | \`0a1b2c3\` 20 Nov 2026 10:10 | \`4f2a91c\` |
| **web3** | web, worker | \`0a1b2c3\` 20 Nov 2026 10:10 | \`4f2a91c\` |

| step | where | what |
| --- | --- | --- |
| 1 upload | all 3 | 200 files, 1.0 MB |
| 2 prepare | all 3 | \`npm ci --omit=dev\` |
| 3 prepare | web3 | \`npm run warm\` with \`shared/.env\` |
| 4 **backup** | web1 | the SQLite file shared/db/shop.sqlite3, on the leader's own disk |
| 5 **migrate** | web1 | \`npm run migrate\` with \`shared/.env\` |
| 6&#8209;7 **switch, reload** | all 3 | \`current\` is replaced, all together · \`sudo systemctl reload shop\` |
| 8 health | all 3 | \`:8080/up\` answers 200 and the release's id 2 times in a row within 30 s, or all go back |

On a host that fails, before it goes back:

\`\`\`sh
journalctl --user -u shop -n 30
\`\`\`

Removed after success: \`9999999\` from all 3 hosts (older than the newest 2 good releases)

**To go back afterwards**, to \`0a1b2c3\`: \`deploy rollback --environment production\`

<sub>release \`20261121T084450Z-4f2a91c\` in \`/var/www/shop\` as deploy · plan \`${plan.digest.slice(0, 8)}\`</sub>

<details><summary>The whole plan as text, and a picture</summary>

`);
    expect(text).toBe(`${renderPlanText(plan)}\`\`\`

\`\`\`mermaid
flowchart LR
  s0["upload<br>3 hosts"]
  s1["prepare<br>3 hosts"]
  s2["prepare<br>1 host"]
  s3["backup<br>1 host"]
  s4["migrate<br>1 host"]
  s5["switch<br>3 hosts"]
  s6["reload<br>3 hosts"]
  s7["health<br>3 hosts"]
  s8["finish<br>3 hosts"]
  back["all go back"]
  s0 --> s1
  s1 --> s2
  s2 --> s3
  s3 --> s4
  s4 --> s5
  s5 --> s6
  s6 --> s7
  s7 --> s8
  s5 -. fails .-> back
  s6 -. fails .-> back
  s7 -. fails .-> back
\`\`\`

</details>
`);
  });
});

describe("how a release comes to the hosts, in words", () => {
  const plain = { method: "artifact", unchanged: "copy", compression: "auto", atOnce: 64 } as const;
  const store = { to: "s3://shop|releases", checksums: "crc32" } as const;

  test.each<[Partial<Delivery>, string]>([
    [{}, "as an artifact from the runner"],
    [
      { because: "3 hosts: the runner sends it itself" },
      "as an artifact from the runner (3 hosts: the runner sends it itself)",
    ],
    [{ verify: "whole" }, "as an artifact from the runner; every file is hashed there"],
    [{ compression: "zstd" }, "as an artifact from the runner, compressed with zstd"],
    [
      { compression: "none", atOnce: 2 },
      "as an artifact from the runner, uncompressed; at most 2 hosts at once",
    ],
    [{ method: "rsync", compression: "zstd" }, "by rsync"],
    [
      { method: "rsync", unchanged: "link" },
      "by rsync; unchanged files are links to those of the live release",
    ],
    [
      { method: "pull", store, because: "8 hosts can fetch at once" },
      "by pull: put into s3://shop|releases once, fetched by each host (8 hosts can fetch at once)",
    ],
  ])("%j", (changes, words) => {
    const made = withStep("upload", { delivery: { ...plain, ...changes } });
    expect(renderPlanText(made)).toContain(`\n  1. upload on all 3 hosts: 200 files, 1.0 MB; ${words}\n`);
    expect(renderPlanMarkdown(made)).toContain(
      `\n| 1 upload | all 3 | 200 files, 1.0 MB; ${markdown.words(words)} |\n`,
    );
  });

  test("what stays although it is old", () => {
    expect(renderPlanText(withStep("finish", { keepFor: 1800 }))).toContain(
      "9. finish on all 3 hosts: mark the release good, remove old ones; what was live within 30 min stays\n",
    );
  });
});
