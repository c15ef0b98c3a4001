import { existsSync, mkdirSync } from "node:fs";
import type { LockOwner } from "@deploy/core";
import { type Snapshot, takeSnapshot, writeSnapshot } from "@deploy/testkit";
import { type Fence, finish, flip, lockAcquire, type ReceiveOptions, receive } from "../src/index.ts";
import type { TestHost } from "./host.ts";
import { directory, file, link, type Node, streamOf } from "./stream.ts";

export const releaseA = "20261121T084450Z-aaaaaaa";
export const releaseB = "20261121T094450Z-bbbbbbb";
export const releaseC = "20261121T104450Z-ccccccc";

export const ownerOf = (id: string): LockOwner => ({
  id,
  repository: "acme/shop",
  run: "4711",
  attempt: "1",
  actor: "dependabot[bot]",
  commit: "4f2a91c0",
  phase: "prepare",
});

export const fenceOf = (host: TestHost, token = 1, owner = "run-1"): Fence => ({
  base: host.base,
  token,
  owner,
});

export const tree: Readonly<Record<string, Node>> = {
  "a b.txt": file("words\n"),
  bin: directory(0o750),
  "bin/start": file("#!/bin/sh\n", 0o755),
  lib: directory(),
  "lib/über.js": file("1"),
  "lib/self": link("../lib/über.js"),
  "empty dir": directory(),
  public: directory(),
  "public/index.html": file("<p>one</p>\n"),
};

export function receiveOf(
  host: TestHost,
  release: string,
  stream = streamOf(tree),
  more: Partial<ReceiveOptions> = {},
) {
  const command = receive({
    fence: fenceOf(host),
    release,
    from: null,
    shared: { directories: ["public/uploads", "log"], files: [".env"] },
    ready: true,
    tenant: { app: "shop", environment: "production", repository: "acme/shop" },
    ...stream.options,
    ...more,
  });
  return { command, payload: stream.payload };
}

/** Of each kind of host: what a first deploy made there, and when. */
const first = new Map<string, { readonly snapshot: Snapshot; readonly at: number }>();
/** Milliseconds; the lock in it must stay far from its end. */
const freshFor = 60_000;

/** Locked, prepared and live, as by a first deploy: by the scripts once a minute for each kind of host, and copied until then. */
export async function deployed(host: TestHost, release = releaseA): Promise<void> {
  const kind = JSON.stringify([host.shell, release]);
  const known = first.get(kind);
  if (known !== undefined && Date.now() - known.at < freshFor && !existsSync(host.base)) {
    mkdirSync(host.base);
    return writeSnapshot(host.base, known.snapshot);
  }
  const at = Date.now();
  await deploy(host, release);
  first.set(kind, { snapshot: takeSnapshot(host.base), at });
}

/** Locks, prepares and makes live, as a first deploy does. */
async function deploy(host: TestHost, release: string): Promise<void> {
  await host.ask(lockAcquire({ base: host.base, owner: ownerOf("run-1"), lease: 600 }));
  const { command, payload } = receiveOf(host, release);
  await host.ask(command, payload);
  await host.ask(flip({ fence: fenceOf(host), expect: null, to: release, step: "activate" }));
  await host.ask(finish({ fence: fenceOf(host), release, bad: null, removals: [] }));
}
