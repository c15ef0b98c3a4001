import { renderFactsMarkdown, renderFactsText } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { fullConfig } from "../fixtures.ts";
import { statusScene } from "../report/scenes.ts";

describe("the fleet's state, rendered", () => {
  test("as text", () => {
    expect(
      renderFactsText(statusScene(), fullConfig()),
    ).toBe(`shop on production: hosts serve 2 different releases, 1 host could not be read
lock: held by run 4711 of org/shop (ada), commit 4f2a91c, phase data; its lease ends in 1 min
frozen: stock-taking | until Monday

host  live                      releases  free
web1  20261120T101010Z-0a1b2c3  2 good    10 GB, 1000000 inodes
web2  releases/1 (missing)      none      10 GB, 1000000 inodes
web3  not known

x connect-refused · web3 · port 22 is closed. Check it.

! web2 is late: it serves releases/1 (missing), the fleet is on 20261120T101010Z-0a1b2c3
! web1: shared/.env is missing
! web1: releases/tmp is no release, left alone

jobs on web1
  m-1  done, exit code 137  migrate  20261120T101010Z-0a1b2c3
    | adding |index|
    | : :error::x
  m-2  running                       20261121T084450Z-4f2a91c

releases on web1, newest first
  *  20261120T101010Z-0a1b2c3  good  0a1b2c3
     20261119T101010Z-9999999  good  0a1b2c3

journal of web1
  | {"step":"activate"}
`);
  });

  test("as Markdown", () => {
    expect(renderFactsMarkdown(statusScene(), fullConfig())).toBe(`### shop on production

**hosts serve 2 different releases, 1 host could not be read**
<br>Lock: held by run 4711 of org/shop \\(ada\\), commit 4f2a91c, phase data; its lease ends in 1 min
<br>**Frozen**: stock-taking \\| until Monday

**Problems**

- \`connect-refused\` at \`web3\`: port 22 is closed<br>Check it.

| Host | Live | Releases | Free |
| --- | --- | --- | --- |
| \`web1\` | \`20261120T101010Z-0a1b2c3\` | 2 good | 10 GB, 1000000 inodes |
| \`web2\` | \`releases/1 (missing)\` | none | 10 GB, 1000000 inodes |
| \`web3\` | **not known** |  |  |

- \`web2\` is late: it serves releases/1 \\(missing\\), the fleet is on \`20261120T101010Z-0a1b2c3\`
- \`web1\`: \`shared/.env\` is missing
- \`web1\`: \`releases/tmp\` is no release, left alone

| Host | Job | State | Step | Release |
| --- | --- | --- | --- | --- |
| \`web1\` | \`m-1\` | done, exit code 137 | migrate | \`20261120T101010Z-0a1b2c3\` |
| \`web1\` | \`m-2\` | running |  | \`20261121T084450Z-4f2a91c\` |

<details><summary>End of the output of m-1 on web1</summary>

\`\`\`text
adding |index|
: :error::x
\`\`\`

</details>

<details><summary>Releases and journal of web1</summary>

| Release | State | Commit |
| --- | --- | --- |
| \`20261120T101010Z-0a1b2c3\` | good | \`0a1b2c3\` |
| \`20261119T101010Z-9999999\` | good | \`0a1b2c3\` |

\`\`\`text
{"step":"activate"}
\`\`\`

</details>
`);
  });
});
