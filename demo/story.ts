import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "@deploy/cli";
import { type DemoHost, isPhotoIntact } from "./host.ts";
import { type Entry, renderLedger } from "./ledger.ts";
import { gitIsolation, type Version } from "./repository.ts";
import type { World } from "./world.ts";

export interface Stage {
  readonly world: World;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Something the story promised did not happen. */
export class BrokenPromise extends Error {}

/** Plays the whole story, and checks each sentence of it. Throws BrokenPromise. */
export async function tell(stage: Stage): Promise<void> {
  const { say, world } = stage;
  const entries: Entry[] = [];
  const play = async (event: string, args: readonly string[], want: Expected): Promise<void> => {
    const exitCode = await command(stage, args);
    entries.push(await check(stage, event, exitCode, want));
  };

  say(heading("Three servers, one shop"));
  say(
    `${world.hosts.map(({ name, address }) => `${name} is ${address}`).join(", ")}: real ssh, a real sh, a home folder each.`,
  );
  say("One database with 3 orders. shared/.env and a customer's upload are on every server already.\n");
  say(world.repository.config);

  say(heading("1. Look first: deploy plan"));
  const first = world.repository.commit(versions.one);
  await play("plan", ["plan", ...first], { exitCode: 0, version: "-", migrations: 0 });

  say(heading("2. Release 1, to all three"));
  await play("deploy release 1", ["run", "--yes", ...first], { exitCode: 0, version: "1", migrations: 1 });
  await proof(stage, "1");
  expect(world.hosts[0]?.backups() === 1, "the database was not backed up before the migration");

  say(heading("3. Release 2 needs a setting that web2 does not have"));
  for (const host of world.hosts) if (host.name !== "web2") addSetting(host, "PAYMENT_KEY=demo");
  say("web1 and web3 have PAYMENT_KEY in shared/.env, web2 does not: its health check will fail.\n");
  const second = world.repository.commit(versions.two);
  await play("deploy release 2", ["run", "--yes", ...second], { exitCode: 3, version: "1", migrations: 2 });
  await proof(stage, "1");

  say(heading("4. Release 3 does without it"));
  const third = world.repository.commit(versions.three);
  await play("deploy release 3", ["run", "--yes", ...third], { exitCode: 0, version: "3", migrations: 3 });
  await proof(stage, "3");
  say("\nThe same again:\n");
  await play("deploy it again", ["run", "--yes", ...third], { exitCode: 0, version: "3", migrations: 3 });

  say(heading("5. A change of mind: deploy rollback"));
  await play("roll back", ["rollback", "--yes"], { exitCode: 0, version: "1", migrations: 3 });
  await proof(stage, "1");
  say("");
  await play("status", ["status"], { exitCode: 0, version: "1", migrations: 3 });

  say(heading("What was live when"));
  say(
    renderLedger(
      world.hosts.map(({ name }) => name),
      entries,
    ),
  );
}

interface Expected {
  readonly exitCode: number;
  /** Of the shop, as every server answers; `-`: nothing answers. */
  readonly version: string;
  readonly migrations: number;
}

const versions = {
  one: { version: "1", needs: [], migration: migration("002-customers") },
  two: { version: "2", needs: ["PAYMENT_KEY"], migration: migration("003-payments") },
  three: { version: "3", needs: [], migration: migration("004-parcels") },
} as const satisfies Record<string, Version>;

function migration(name: string): Version["migration"] {
  return { name: `${name}.sql`, sql: `create table ${name.slice(4)} (id integer primary key);` };
}

/** Runs the real command in this process, as `deploy …` in the repository would. */
async function command({ world, say, signal }: Stage, args: readonly string[]): Promise<number> {
  const [name = "", ...rest] = args;
  say(`$ deploy ${[name, ...rest.filter((arg) => arg !== "--yes")].join(" ")}\n`);
  const flags = ["--identity-file", world.identityFile, "--known-hosts", world.knownHostsFile];
  const exitCode = await main([name, ...flags, ...rest], {
    stdout: process.stdout,
    stderr: process.stdout,
    stdin: process.stdin,
    env: { ...process.env, ...gitIsolation, TMPDIR: join(world.folder, "tmp") },
    cwd: world.repository.folder,
    signal,
  });
  say(`\nexit code ${exitCode}`);
  if (signal.aborted) throw new BrokenPromise("interrupted");
  return exitCode;
}

async function check({ world }: Stage, event: string, exitCode: number, want: Expected): Promise<Entry> {
  const live = await Promise.all(world.hosts.map(liveOn));
  const migrations = world.countMigrations();
  const intact = world.hosts.every(isPhotoIntact);
  expect(exitCode === want.exitCode, `${event}: exit code ${exitCode} instead of ${want.exitCode}`);
  expect(
    live.every((version) => version === want.version),
    `${event}: live is ${live.join(", ")} instead of ${want.version} everywhere`,
  );
  expect(
    migrations === want.migrations,
    `${event}: ${migrations} migration runs instead of ${want.migrations}`,
  );
  expect(intact, `${event}: an upload was changed`);
  expect(world.countOrders() === 3, `${event}: orders were lost`);
  return { event, exitCode, live, migrations, uploads: intact ? "intact" : "changed" };
}

async function liveOn(host: DemoHost): Promise<string> {
  const answer = await host.ask("/");
  return /version (\S+):/.exec(answer?.text ?? "")?.[1] ?? "-";
}

/** Asks every server over HTTP, as a customer would. */
async function proof({ world, say }: Stage, version: string): Promise<void> {
  say("\nOver HTTP:");
  for (const host of world.hosts) {
    const answer = await host.ask("/");
    say(`  ${host.name}  ${answer?.status}  ${answer?.text}  (X-Release: ${answer?.release})`);
    expect(
      answer?.text.includes(`version ${version}:`) === true,
      `${host.name} does not answer with version ${version}`,
    );
  }
}

function addSetting(host: DemoHost, line: string): void {
  writeFileSync(host.environmentFile, `${readFileSync(host.environmentFile, "utf8")}${line}\n`);
}

function expect(kept: boolean, otherwise: string): void {
  if (!kept) throw new BrokenPromise(otherwise);
}

function heading(text: string): string {
  return `\n━━ ${text} ${"━".repeat(Math.max(2, 76 - text.length))}\n`;
}
