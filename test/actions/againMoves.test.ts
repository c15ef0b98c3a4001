import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "@deploy/testkit/servers";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { carryOut, type Met, type Rows, uploaded } from "./both.ts";
import { type Fleet, type Job, openFleet } from "./job.ts";
import { openTools } from "./tools.ts";

// As hostMoves, of what goes away with the next run.

const tools = openTools();
const { install, spoil } = tools;
let fleet: Fleet;
let job: Job;
beforeAll(async () => {
  fleet = await openFleet({ PATH: tools.programs });
});
afterAll(async () => {
  await fleet.close();
  tools.close();
});
beforeEach(() => {
  job = fleet.job(2);
});
afterEach(() => {
  for (const name of ["tar", "gzip", "zstd", "setsid"]) install(name);
});

const sign = (name: string) => job.at(`../${name}`);
const clear = () => {
  for (const name of ["began", "go"]) rmSync(sign(name), { force: true });
};
const began = () => until("the command", () => existsSync(sign("began")));
const letGo = () => writeFileSync(sign("go"), "");
const waiting = "echo >>~/began; until [ -e ~/go ]; do sleep 0.1; done";

const migrated: Met = { ...uploaded, steps: ["upload", "migrate"] };
const stored = (more: string) => `backup: { ${more}, store: backups, minimum-size: 1 }\n`;
const files = `shared: { directories: [uploads] }\n${stored("database: files, paths: [uploads]")}`;
const backedUp: Met = { steps: ["backup"], typed: ["backup"] };
let copies = 0;
/** Into a folder of its own each time. */
const restored: Met = {
  steps: ["restore"],
  get given() {
    return { into: job.at(`copy${++copies}`) };
  },
  get typed() {
    return ["restore", "latest", "--into", job.at(`copy${++copies}`)];
  },
};
const photo = () => job.at("shared/uploads/photo.jpg");
async function withBackup(): Promise<void> {
  if (existsSync(photo())) return;
  mkdirSync(join(photo(), ".."), { recursive: true });
  writeFileSync(photo(), "a photo\n");
  await job.works("backup");
}

/** What the backup's own tools list. */
function lookInto(): string {
  const store = join(job.workspace, "backups");
  const [object = ""] = readdirSync(store).filter((name) => /\.tar\b/.test(name));
  const unpack = object.endsWith(".zst") ? "zstd" : "gzip";
  const list = `${unpack} -dc "$0" | tar -tvf -`;
  return spawnSync("sh", ["-c", list, join(store, object)], { encoding: "utf8" }).stdout;
}

const rows: Rows = [
  [
    "stream-refused",
    "something is beside what was packed",
    {
      ...{ met: uploaded, told: /Pack it again from a clean checkout/ },
      fault: () => spoil("tar", '"$real" "$@" || exit; case $* in -x*) echo x >odd ;; esac'),
      mend: () => install("tar"),
    },
  ],
  [
    "release-differs",
    "somebody else makes its folder meanwhile",
    {
      ...{ met: uploaded, told: /^(?:release-differs .*|)Plan again.*: a new plan has a new id/ },
      fault: () =>
        spoil(
          "tar",
          '"$real" "$@" || exit; case $* in -x*) id=$(basename "$(dirname "$PWD")" | cut -d . -f 1); mkdir -p "../../../../releases/$id" ;; esac',
        ),
      async mend() {
        install("tar");
        const second = () => Math.floor(Date.now() / 1000);
        const then = second();
        await until("the next second", () => second() > then);
      },
    },
  ],
  [
    "job-not-started",
    "a process that ends at once",
    {
      ...{
        met: migrated,
        told: /Run it again: a job that did start after all is followed/,
        config: "migrate: 'true'\n",
      },
      fault: () => spoil("setsid", "exit 1"),
      mend: () => install("setsid"),
    },
  ],
  [
    "backup-cut",
    "the connection is lost",
    {
      ...{ met: backedUp, told: /Run it again; if it stays, make the backup on a host near the database/ },
      config: stored(`database: command, run: '${waiting}; echo data', verify: 'cat >/dev/null'`),
      async fault() {
        if (!existsSync(job.at("current"))) await job.deploy();
        clear();
      },
      async during() {
        await began();
        fleet.servers[0].drop();
      },
      mend: letGo,
    },
  ],
  [
    "restore-damaged",
    "what arrives cannot be unpacked",
    {
      ...{ met: restored, told: /Run it again; if it stays, this backup is damaged/, config: files },
      async fault() {
        await withBackup();
        for (const name of ["gzip", "zstd"]) spoil(name, "cat >/dev/null; exit 1");
      },
      mend: () => {
        for (const name of ["gzip", "zstd"]) install(name);
      },
    },
  ],
  [
    "restore-failed",
    "tar does not take it",
    {
      ...{ met: restored, told: /run it again/, config: files },
      async fault() {
        await withBackup();
        spoil("tar", "echo tar: no memory >&2; exit 2");
      },
      mend: () => install("tar"),
    },
  ],
  [
    "restore-unsafe",
    "a set-user-id file",
    {
      ...{ met: restored, told: /Look into the backup with its own tool/, config: files },
      async fault() {
        await withBackup();
        spoil("tar", '"$real" "$@" || exit; case $* in *-x*) : >odd; chmod 4755 odd ;; esac');
      },
      mend() {
        install("tar");
        expect(lookInto()).toMatch(/^-\S+ .* \.\/uploads\/photo\.jpg$/m);
        expect(lookInto()).not.toMatch(/^-rws/m);
      },
    },
  ],
];

test.each(rows)("%s (%s): done as it says, both work", (code, _, row) => carryOut(job, code, row));
