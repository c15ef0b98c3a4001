import {
  type Problem,
  type Report,
  renderReportJson,
  renderReportMarkdown,
  renderReportText,
} from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { revertedScene } from "./scenes.ts";

const report = revertedScene();

describe("a report, rendered", () => {
  test("as text: the host, the URL, what it answered, and that all went back", () => {
    expect(
      renderReportText(report),
    ).toBe(`REVERTED  4f2a91c failed, all 3 hosts of production went back: health failed on web2 (http://127.0.0.1:8080/up on web2 answered 500, expected 200)

host  before                    now                       result         reason
web1  20261120T101010Z-0a1b2c3  20261120T101010Z-0a1b2c3  ok             serves 20261120T101010Z-0a1b2c3 again
web2  20261120T101010Z-0a1b2c3  20261120T101010Z-0a1b2c3  health failed  http://127.0.0.1:8080/up on web2 answered 500, expected 200
web3  20261120T101010Z-0a1b2c3  20261120T101010Z-0a1b2c3  ok             serves 20261120T101010Z-0a1b2c3 again

x http-failed · web2 health · http://127.0.0.1:8080/up on web2 answered 500, expected 200. Look at the application's log.
  the answer
    | <h1>Oops</h1>
    | at line 4

The database of production was migrated for this release: no.

! releases/ on web2 holds what is no release, left alone: x|y

Next
  Look at the problems above and at the application's log on the hosts, then deploy a mended commit.
  deploy status --environment production

12.3 s in all, servers changed within 240 ms · https://shop.example.com
`);
  });

  test("in colour it says the same", () => {
    const colours = new RegExp(`${String.fromCodePoint(27)}\\[\\d+m`, "g");
    const coloured = renderReportText(report, { colour: true });
    expect(coloured).toMatch(colours);
    expect(coloured.replace(colours, "")).toBe(renderReportText(report));
  });

  test("as Markdown", () => {
    expect(renderReportMarkdown(report)).toBe(`### ❌ Went back: \`4f2a91c\` is not on production · shop

> [!CAUTION]
> **health** \`http-failed\` on **web2**: \`http://127.0.0.1:8080/up\` answered 500, expected 200<br>Look at the application's log.
>
> All 3 hosts serve \`0a1b2c3\` again. The site was affected for 240 ms.

web2: the answer

\`\`\`text
<h1>Oops</h1>
at line 4
\`\`\`

| host | before | tried | now | result |
| --- | --- | --- | --- | --- |
| **web1** | \`0a1b2c3\` | \`4f2a91c\` | \`0a1b2c3\` | went back |
| **web2** | \`0a1b2c3\` | \`4f2a91c\` | \`0a1b2c3\` | health failed, went back |
| **web3** | \`0a1b2c3\` | \`4f2a91c\` | \`0a1b2c3\` | went back |

The database of production was migrated for this release: **no**.

> [!WARNING]
> releases/ on web2 holds what is no release, left alone: x\\|y

**Next**: Look at the problems above and at the application's log on the hosts, then deploy a mended commit.

\`\`\`sh
deploy status --environment production
\`\`\`

<details><summary>Every step on every host</summary>

| host | step | status | took | what |
| --- | --- | --- | --- | --- |
| \`web1\` | switch | ok | 10 ms | switch ok |
| \`web1\` | revert | ok | 10 ms | serves 20261120T101010Z-0a1b2c3 again |
| \`web2\` | switch | ok | 10 ms | switch ok |
| \`web2\` | health | failed | 10 ms | \`http://127.0.0.1:8080/up\` on web2 answered 500, expected 200 |
| \`web2\` | revert | ok | 10 ms | serves 20261120T101010Z-0a1b2c3 again |
| \`web3\` | switch | ok | 10 ms | switch ok |
| \`web3\` | revert | ok | 10 ms | serves 20261120T101010Z-0a1b2c3 again |

</details>

<sub>release \`20261121T084450Z-4f2a91c\` · 12\\.3 s in all, servers changed within 240 ms · \`https://shop.example.com\` · plan \`${report.planDigest.slice(0, 8)}\`</sub>
`);
  });

  test("as Markdown, which an action tells: its inputs and actions, no flags and commands that have one", () => {
    const [problem] = report.problems;
    const hint = "Run it again with `--retry`.";
    const problems = [{ ...(problem as Problem), hint, inAction: "Run it again with `retry: true`." }];
    const failed: Report = { ...report, result: "failed", problems, next: [hint] };
    expect(renderReportText(failed)).toContain("with `--retry`");
    expect(renderReportMarkdown(failed)).not.toMatch(/-retry/);
    expect(renderReportMarkdown(failed).match(/retry: true/g)).toHaveLength(2);
    const back = { ...report, result: "deployed", changed: true, problems: [] } as const;
    expect(renderReportMarkdown(back)).toMatch(
      /To go back to \S+:\nRun the rollback workflow \\\(or the action rollback\\\) for production\./,
    );
  });

  test("as JSON it is the report", () => {
    expect(JSON.parse(renderReportJson(report))).toEqual(report);
  });
});
