import { spawnSync } from "node:child_process";
import { existsSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { activated, bothOf, carryOut, type Met, planned, type Rows, uploaded } from "./both.ts";
import { type Fleet, type Job, openFleet } from "./job.ts";

// As nextMoves, of what becomes of a run between its steps: met by action and command, done as it says, and both work.

let fleet: Fleet;
let job: Job;
beforeAll(async () => {
  fleet = await openFleet();
});
afterAll(() => fleet.close());
beforeEach(() => {
  job = fleet.job(2);
});

const sign = (host: 0 | 1, name: string) => `${job.bases[host]}.${name}`;
const put = (host: 0 | 1, name: string, text = "") => writeFileSync(sign(host, name), text);
const take = (host: 0 | 1, name: string) => rmSync(sign(host, name), { force: true });
let pages = 0;
const write = (page: string) => job.write("site/page", `${page} ${++pages}\n`);
/** Something is live, which a run with no fault brought there. */
async function live(): Promise<void> {
  if (existsSync(job.at("current"))) return;
  await job.deploy();
  write("two");
}
const hostName = (index: 0 | 1) => fleet.servers[index].host.name;

const pool = `  strategy: rolling
  pool:
    kind: command
    read: 'cat $DEPLOY_TO.pool 2>/dev/null || echo in'
    drain: '[ -e $DEPLOY_TO.deaf ] || echo out >$DEPLOY_TO.pool'
    return: 'rm -f $DEPLOY_TO.pool'
    within: 1s
`;
const dump = "[ ! -e $DEPLOY_TO.odd ] || { echo no database >&2; exit 3; }; echo data";
const rolling = `activate:\n${pool}`;
const canary = (check: string) =>
  `activate:\n  strategy: canary\n  canary: { hosts: 1, soak: 20ms, interval: 10ms, then: all, check: '${check}' }\n`;
const without = (): Met => ({
  steps: ["plan"],
  given: { without: hostName(1) },
  typed: [...planned.typed, "--without", hostName(1)],
});

const rows: Rows = [
  [
    "release-missing",
    "removed by somebody",
    {
      ...{ met: uploaded, told: /Deploy again|Run the upload step/ },
      config: "prepare: ['[ ! -e $DEPLOY_TO.odd ] || rm -r $DEPLOY_RELEASE_PATH']\n",
      fault: () => put(0, "odd"),
      mend: () => take(0, "odd"),
    },
  ],
  [
    "deploy-to-missing",
    "removed by somebody",
    {
      ...{
        met: uploaded,
        told: /Check deploy-to; then (?:deploy again|run the upload step), which prepares it/,
      },
      config: "prepare: ['[ ! -e $DEPLOY_TO.odd ] || rm -r $DEPLOY_TO/.deploy']\n",
      fault: () => put(0, "odd"),
      mend: () => take(0, "odd"),
    },
  ],
  [
    "pool-unreadable",
    "odd words",
    {
      ...{ met: activated, told: /the pool's `read` must print in, draining, out or down/, config: rolling },
      async fault() {
        await live();
        put(1, "pool", "?\n");
      },
      mend: () => take(1, "pool"),
    },
  ],
  [
    "pool-unconfirmed",
    "a balancer that does not hear",
    {
      ...{ met: activated, told: /Look at what the balancer says of this host/, config: rolling },
      async fault() {
        await live();
        put(0, "deaf");
        put(1, "deaf");
      },
      mend() {
        take(0, "deaf");
        take(1, "deaf");
      },
    },
  ],
  [
    "pool-short",
    "another host is out",
    {
      ...{ met: activated, told: /Bring those back that are missing/, config: rolling },
      async fault() {
        await live();
        put(1, "pool", "out\n");
      },
      mend: () => take(1, "pool"),
    },
  ],
  [
    "soak-bad",
    "a page that is not good",
    {
      ...{ met: activated, told: /deploy a mended commit/, config: canary("! grep -q bad page") },
      fault: () => write("bad"),
      mend: () => write("good"),
    },
  ],
  [
    "soak-unclear",
    "a check that cannot tell",
    {
      ...{ met: activated, told: /The same deploy again goes on to all hosts/, config: canary("exit 75") },
      fault: () => {},
      mend: () => {},
    },
  ],
  [
    "backup-failed",
    "a database that is away",
    {
      met: { steps: ["backup"], typed: ["backup"] },
      told: /Run the dump command by hand on the leader and mend what it reports/,
      config: `backup: { database: command, run: '${dump}', verify: 'cat >/dev/null', store: backups, minimum-size: 1 }\n`,
      async fault() {
        await live();
        put(0, "odd");
      },
      async mend() {
        const { status, stderr } = spawnSync("sh", ["-c", dump], { env: { DEPLOY_TO: job.at("") } });
        expect([status, String(stderr)]).toEqual([3, "no database\n"]);
        take(0, "odd");
      },
    },
  ],
  [
    "file-too-large",
    "nine gigabytes",
    {
      ...{ met: planned, told: /Leave it out with `exclude`/ },
      fault() {
        job.configure();
        write("film");
        truncateSync(join(job.workspace, "site/page"), 9 * 2 ** 30);
      },
      mend() {
        job.write("site/other", "small\n");
        job.configure("exclude: [/page]\n");
      },
    },
  ],
];

test.each(rows)("%s (%s): done as it says, both work", (code, _, row) => carryOut(job, code, row));

test("rollback-floor: a commit that works with the database as it is goes out", async () => {
  const after = "migrate: { run: 'true', after: 'true' }\n";
  job.configure(after);
  const to = await job.deploy();
  write("two");
  await job.deploy();
  const met = { steps: ["rollback"], given: { to }, typed: ["rollback", to, "--yes"] };
  for (const form of bothOf(job, met))
    expect(await form.refused("rollback-floor")).toMatch(
      /Deploy a commit that works with the database as it is now/,
    );
  write("three");
  await job.deploy();
});

test("canary-missing: others are named, or those brought back", async () => {
  const config = (name: string) =>
    `activate:\n  strategy: canary\n  canary: { hosts: ["${name}"], soak: 20ms, check: "true" }\n`;
  await carryOut(job, "canary-missing", {
    ...{ met: without(), told: /Name others in `activate\.canary\.hosts`/ },
    fault: () => job.configure(config(hostName(1))),
    mend: () => job.configure(config(hostName(0))),
  });
});
