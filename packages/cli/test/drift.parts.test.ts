import { readFileSync } from "node:fs";
import { join } from "node:path";
import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type DailyFleet, openDaily } from "./daily.ts";

/** What somebody does on a host by hand, in the live release or beside it, and the line that tells of it. */
const byHand: readonly (readonly [line: string, told: string])[] = [
  ["echo two >page", "page was changed at TIME, it belongs to root"],
  ["rm gone.txt", "gone.txt is gone at TIME by a change of its folder"],
  ["echo '<?php' >shell.php", "shell.php was added at TIME, it belongs to root"],
  ["chmod 777 tool", "tool has another mode (755 777) at TIME, it belongs to root"],
  ["ln -sfn /etc/passwd link", "link leads elsewhere (/etc/passwd) at TIME, it belongs to root"],
  [
    `: >"$(printf 'a\\nweb1: \\033[2Jall is well')"`,
    "'a web1: all is well' was added at TIME, it belongs to root",
  ],
  ["echo 'by hand' >>~/site", "'~/site' was changed at TIME, it belongs to root"],
];

needs(
  "sshd",
  "ip",
  "systemctl",
  "nginx",
)("files that were changed by hand, on two real hosts", () => {
  let fleet: DailyFleet;
  beforeAll(async () => {
    fleet = await openDaily(
      {
        prepare: ["mkdir -p node_modules && echo 1 >node_modules/made && rm README && echo built >built.css"],
        writes: ["tmp"],
        configure: { files: [{ kind: "file", from: "site", to: "~/site", level: "user" }] },
      },
      `printf x >gone.txt; printf x >README; printf x >built.css; printf 'name\\n' >site; printf x >tool; chmod 755 tool; ln -s page link`,
    );
    for (const host of fleet.hosts)
      await fleet.on(host, "t=$(date +%s); until [ $(date +%s) -gt $t ]; do sleep 0.05; done");
  });
  afterAll(() => fleet?.close());
  const live = () => `/srv/shop/releases/${fleet.release}`;
  const verify = (...args: readonly string[]) => fleet.deploy(["status", "--verify", ...args]);

  test("what deploy, prepare commands and the application wrote is nothing", async () => {
    await fleet.on(fleet.hosts[0], `mkdir ${live()}/tmp; echo 1 >${live()}/tmp/cache`);
    const { exitCode, out } = await verify();
    expect([exitCode, out]).toEqual([0, expect.stringContaining("\nfiles: all as they were sent\n")]);
  });

  test("each change is named with host, file and time; the other host is well; exit code 4", async () => {
    const [host] = fleet.hosts;
    for (const [line] of byHand) await fleet.on(host, `cd ${live()} && ${line}`);
    const { exitCode, out } = await verify();
    const lines = out.split("\n").filter((line) => line.startsWith(`! ${host.name}: `));
    const time = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/;
    const told = lines.map((line) => line.slice(`! ${host.name}: `.length).replace(time, "TIME"));
    expect([exitCode, told.filter((line) => line.includes("TIME")).sort()]).toEqual([
      4,
      byHand.map(([, line]) => line).sort(),
    ]);
    expect(out).not.toContain(`! ${fleet.hosts[1].name}`);
  });

  test("programs and the page are told the same", async () => {
    const { exitCode, out } = await verify("--json", "--html", "status.html");
    const { drift, exitCode: told } = JSON.parse(out);
    expect([exitCode, told, drift[0].drifted.length, drift[1].drifted.length]).toEqual([
      4,
      4,
      byHand.length,
      0,
    ]);
    const page = readFileSync(join(fleet.folder, "status.html"), "utf8");
    expect(page).toContain(`<li>${fleet.hosts[0].name}: shell.php was added at `);
    expect(page).toContain('<h1 class="look">! 2 of 2 hosts serve');
  });

  test("a new release from what was packed ends it", async () => {
    const again = ["run", "--yes", "--force", "--commit", "1".repeat(40), "--drift", "overwrite"];
    const { exitCode, out } = await fleet.deploy(again);
    expect([exitCode, exitCode === 0 ? "" : out]).toEqual([0, ""]);
    expect((await verify()).exitCode).toBe(0);
  });
});
