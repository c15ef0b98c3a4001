import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "@deploy/testkit/servers";
import { afterAll, beforeAll, beforeEach, test } from "@jest/globals";
import { carryOut, planned, type Rows, uploaded } from "./both.ts";
import { type Fleet, type Job, openFleet } from "./job.ts";
import { openTools } from "./tools.ts";

// As nextMoves, of what a host has and lacks: met by action and command, mended as they say, and both work.

const tools = openTools();
const { remove, install, spoil } = tools;
const nothing = join(tools.folder, "nothing");
const own = process.env.PATH;
let fleet: Fleet;
let job: Job;
beforeAll(async () => {
  mkdirSync(nothing);
  fleet = await openFleet({ PATH: tools.programs });
});
afterAll(async () => {
  await fleet.close();
  tools.close();
});
beforeEach(() => {
  job = fleet.job();
});

const byRsync = "upload: { method: rsync }\n";
const onRunner = { fault: () => (process.env.PATH = nothing), mend: () => (process.env.PATH = own) };
const [began, go] = [() => job.at("../began"), () => job.at("../go")];

const rows: Rows = [
  [
    "tool-missing",
    "tar",
    {
      ...{ met: planned, told: /Install tar on / },
      fault: () => remove("tar"),
      mend: () => install("tar"),
    },
  ],
  [
    "host-unfit",
    "releases on a disk of their own",
    {
      ...{ met: planned, told: /have both on one file system/ },
      fault() {
        mkdirSync(job.at("releases"), { recursive: true });
        spoil(
          "stat",
          `case "$*" in *'%d %n'*) "$real" "$@" | sed 's|^[0-9]*\\( .*/releases\\)$|1\\1|' ;; *) exec "$real" "$@" ;; esac`,
        );
      },
      mend: () => install("stat"),
    },
  ],
  [
    "path-unsafe",
    "a link of nobody knows whom",
    {
      ...{ met: planned, told: /Remove .* the path that the message names/ },
      fault() {
        mkdirSync(job.at(""), { recursive: true });
        symlinkSync(tools.folder, job.at(".deploy"));
      },
      mend: () => rmSync(job.at(".deploy")),
    },
  ],
  [
    "lock-busy",
    "without flock, a mutex that nobody holds",
    {
      ...{ met: uploaded, told: /remove the folder \.deploy\/lock\/mutex\.d/ },
      fault() {
        remove("flock");
        spoil("sleep", "exit 0");
        mkdirSync(job.at(".deploy/lock/mutex.d"), { recursive: true });
        chmodSync(job.at(".deploy"), 0o700);
      },
      mend() {
        rmSync(job.at(".deploy/lock/mutex.d"), { recursive: true });
        for (const name of ["flock", "sleep"]) install(name);
      },
    },
  ],
  [
    "stream-damaged",
    "on its way to the disk",
    {
      ...{ met: uploaded, told: /Run it again/ },
      fault: () => spoil("tar", '"$real" "$@" || exit; [ ! -e tree/page ] || echo x >>tree/page'),
      mend: () => install("tar"),
    },
  ],
  [
    "command-killed",
    "as for want of memory",
    {
      ...{ met: uploaded, told: /Look for an out-of-memory kill .* run it again/ },
      fault: () => spoil("mv", 'kill -9 "$PPID"'),
      mend: () => install("mv"),
    },
  ],
  [
    "rsync-unusable",
    "on the runner",
    { ...{ met: uploaded, told: /Install a newer rsync/, config: byRsync }, ...onRunner },
  ],
  [
    "filter-tool",
    "on the runner",
    {
      ...{ met: uploaded, told: /Install rsync there/, config: "upload: { filter: [rules] }\n" },
      fault() {
        job.write("rules", "- *.tmp\n");
        onRunner.fault();
      },
      mend: onRunner.mend,
    },
  ],
  [
    "rsync-failed",
    "for want of memory",
    {
      ...{ met: uploaded, told: /out-of-memory kill .* run it again/, config: byRsync },
      fault: () => spoil("rsync", 'case $1 in --version) exec "$real" "$@" ;; esac; exit 22'),
      mend: () => install("rsync"),
    },
  ],
  [
    "connection-lost",
    "in a command",
    {
      ...{ met: uploaded, told: /Run the same thing again/ },
      config: "prepare: ['echo >>~/began; until [ -e ~/go ]; do sleep 0.1; done']\n",
      fault: () => [began(), go()].map((path) => rmSync(path, { force: true })),
      async during() {
        await until("the command", () => existsSync(began()));
        fleet.servers[0].drop();
      },
      mend: () => writeFileSync(go(), ""),
    },
  ],
  [
    "connect-closed",
    "before a word",
    {
      ...{ met: planned, told: /MaxStartups and PerSourcePenalties/ },
      fault: () => fleet.servers[0].refuse(1000),
      mend: () => fleet.servers[0].refuse(0),
    },
  ],
];

test.each(rows)("%s (%s): done as it says, both work", (code, _, row) => carryOut(job, code, row));
