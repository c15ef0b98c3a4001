import { DeployError, Secret } from "@deploy/core";
import type { Source } from "@deploy/remote";
import { type BackupManifest, type BackupRequest, makeBackup } from "../../src/index.ts";
import { dumped, inspected, type Play, playedHost } from "./host.ts";
import { type MemoryStore, memoryStore } from "./store.ts";

export const password = "it's:a@s%e\ncret";

export const postgres: Source = {
  kind: "postgres",
  server: {
    host: "localhost",
    port: 5432,
    user: "shop",
    password: new Secret(password),
    name: "shop",
    options: {},
  },
  globals: false,
};

/** Half a megabyte that does not compress to nothing. */
export const plain = Buffer.from(Array.from({ length: 60_000 }, (_, at) => `${at * 7919}`).join(" "));

/** A request against a played database and a store in memory. */
export function played(
  plays: Readonly<Record<string, Play>> = {},
  change: Partial<BackupRequest> = {},
): BackupRequest & { readonly transport: ReturnType<typeof playedHost> } {
  const request = {
    app: "shop",
    environment: "production",
    source: postgres,
    store: memoryStore(),
    recipients: [],
    verify: "read" as const,
    compression: "auto" as const,
    minimum: 100,
    run: "4711",
    now: new Date("2026-11-21T08:44:50Z"),
    ...change,
  };
  return { ...request, transport: playedHost({ inspect: inspected(), dump: dumped(plain), ...plays }) };
}

/** A manifest of a backup that was proved. */
export function manifest(change: Partial<BackupManifest> & { readonly id: string }): BackupManifest {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(change.id) ?? [];
  return {
    schema: 1,
    app: "shop",
    environment: "production",
    created: `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`,
    run: "4711",
    database: {
      kind: "postgres",
      name: "shop",
      server: "PostgreSQL 15.14",
      tool: "pg_dump 15.14",
      identity: "7300000000000000001",
      tables: 3,
    },
    compression: "gzip",
    recipients: [],
    plain: { size: 1000, sha256: "b".repeat(64) },
    stored: { key: `${change.id}.dump.gz`, size: 10, sha256: "c".repeat(64) },
    proofs: ["parsed", "read-back"],
    took: { dump: 1000, verify: 100 },
    ...change,
  };
}

/** Code and message of what a backup failed with. */
export async function failed(request: BackupRequest): Promise<readonly [string, string]> {
  try {
    await makeBackup(request);
  } catch (error) {
    if (error instanceof DeployError) return [error.problem.code, error.problem.message];
    throw error;
  }
  return ["made", ""];
}

export function keysIn(store: unknown): readonly string[] {
  return [...(store as MemoryStore).objects.keys()].sort();
}
