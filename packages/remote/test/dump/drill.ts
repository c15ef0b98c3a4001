import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { awkwardPostgres, openPostgres, type Postgres } from "@deploy/testkit";
import { dump, inspectSource, type SourceFacts } from "../../src/index.ts";
import { binSh } from "../host.ts";
import { type DumpHost, dumpHost, type Taken } from "./host.ts";

/** Programs of one version of PostgreSQL. */
export interface Version {
  readonly major: number;
  readonly folder: string;
}

const packaged = "/usr/lib/postgresql";

/** Of this machine, and of the folder that DEPLOY_DRILLS names: `<folder>/<major>…/bin`, the newest last. */
export function versions(program: string): readonly Version[] {
  const found = new Map<number, string>();
  for (const parent of [process.env.DEPLOY_DRILLS ?? "", packaged].filter(existsSync)) {
    for (const name of readdirSync(parent)) {
      const folder = join(parent, name, "bin");
      if (existsSync(join(folder, program))) found.set(Number.parseInt(name, 10), folder);
    }
  }
  return [...found].map(([major, folder]) => ({ major, folder })).sort((a, b) => a.major - b.major);
}

/** What a drill came to: pairs are `client > server`, and for a restore the client that made the backup before them. */
export interface Drilled {
  readonly made: string[];
  readonly equal: string[];
  readonly refused: string[];
  readonly failed: string[];
}

/** Backs a database of this server up by every client, and brings each backup back by every client. */
export async function drill(server: Version, clients: readonly Version[], drilled: Drilled): Promise<void> {
  const newest = clients.at(-1)?.folder ?? server.folder;
  const postgres = await openPostgres({ programs: server.folder, clients: newest, databases: ["shop"] });
  const hosts = clients.map((client) => ({ client, host: dumpHost(binSh, "/bin/sh", client.folder) }));
  try {
    await postgres.ask("shop", awkwardPostgres());
    await postgres.ask(
      "shop",
      "create role teller; create table owned (a int); alter table owned owner to teller; grant select on owned to public;",
    );
    for (const { client, host } of hosts) await backUp({ server, client, host, hosts, postgres, drilled });
  } finally {
    for (const { host } of hosts) host.remove();
    await postgres.close();
  }
}

interface Turn {
  readonly server: Version;
  readonly client: Version;
  readonly host: DumpHost;
  readonly hosts: readonly { readonly client: Version; readonly host: DumpHost }[];
  readonly postgres: Postgres;
  readonly drilled: Drilled;
}

async function backUp(turn: Turn): Promise<void> {
  const { server, client, host, hosts, postgres, drilled } = turn;
  const source = postgres.source("shop");
  const pair = `${client.major} > ${server.major}`;
  let taken: Taken;
  let facts: SourceFacts;
  try {
    taken = await host.take(dump(source, { compression: "auto" }), source);
    facts = await host.askOf(inspectSource(source), source);
    drilled.made.push(pair);
    drilled.failed.push(...facts.warnings.map((warning) => `${pair}: ${warning}`));
  } catch (error) {
    const old = client.major < server.major && /is older than the server/.test(String(error));
    (old ? drilled.refused : drilled.failed).push(`${pair}: ${error}`);
    return;
  }
  for (const reader of hosts.filter((each) => each.client.major >= server.major)) {
    await bringBack(turn, { taken, tool: facts.tool }, reader);
  }
}

async function bringBack(
  { server, client, postgres, drilled }: Turn,
  { taken, tool }: { readonly taken: Taken; readonly tool: string },
  reader: Turn["hosts"][number],
): Promise<void> {
  const what = `${client.major}: ${reader.client.major} > ${server.major}`;
  const [code, message] = await reader.host.refusedRestore(postgres.source("shop"), taken, {
    into: "back",
    tool,
  });
  if (code === "ok") {
    const equal = (await postgres.dump("back")) === (await postgres.dump("shop"));
    (equal ? drilled.equal : drilled.failed).push(equal ? what : `${what}: not equal`);
    await postgres.ask("postgres", "drop database back;");
    return;
  }
  const named = code === "backup-client-old" && message.includes(`PostgreSQL ${Math.min(client.major, 17)}`);
  (named ? drilled.refused : drilled.failed).push(`${what}: ${message}`);
}
