import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeployError } from "@deploy/core";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  localConnector,
  localRsync,
  recordingTransport,
  sendByRsync,
  type Transport,
} from "../../src/index.ts";

// Stand-ins for both ends, in sh; the real ones meet in test/upload/rsync.parts.test.ts.
let home: string;
let transport: Transport;
const path = process.env.PATH;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "deploy-send-"));
  process.env.PATH = `${home}:${path}`;
  script(
    "rsync",
    'case $1 in --version) echo "rsync  version 3.2.7  protocol version 31" ;; *) read -r line; echo "$line" >"$HOME/sent"; echo back; esac',
  );
  transport = await localConnector({ home })({
    name: "web1",
    address: "x",
    port: 22,
    username: "u",
    roles: [],
  });
});
afterAll(async () => {
  process.env.PATH = path;
  await transport.close();
  rmSync(home, { recursive: true });
});

const script = (name: string, text: string) => {
  writeFileSync(join(home, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return join(home, name);
};
/** An rsync of the runner that asks for these arguments, sends a line, keeps what comes back, and ends so. */
const client = (args: string, end = "exit 0") =>
  script(
    "client",
    `for arg; do case $arg in --rsh=*) rsh=\${arg#--rsh=} ;; esac; done
echo forth | eval "$rsh host rsync ${args}" >${home}/back
echo "Literal data: 6 bytes"; echo "Matched data: 0 bytes"; ${end}`,
  );
const send = (program: string, over = transport, signal = new AbortController().signal) => {
  const fence = { base: join(home, "shop"), token: 1, owner: "run-1" };
  const common = { fence, release: "20261121T084450Z-aaaaaaa", folder: home, from: null, signal };
  return sendByRsync({ ...common, transport: over, unchanged: "copy", onBytes: () => {}, program });
};
const problem = (work: Promise<unknown>) =>
  work.then(
    (value) => [JSON.stringify(value)],
    (error: DeployError) => [error.problem.code, error.problem.message],
  );

test("both ends talk through us, byte for byte", async () => {
  const stats = { literal: 6, matched: 0 };
  expect(await send(client("--server -lptrc . ./"))).toEqual({ sent: 6, linked: 0, stats });
  expect(["sent", "back"].map((name) => readFileSync(join(home, name), "utf8"))).toEqual([
    "forth\n",
    "back\n",
  ]);
});

test("a dry run talks to nobody and changes nothing", async () => {
  const told: string[] = [];
  rmSync(join(home, "shop"), { recursive: true, force: true });
  const recording = recordingTransport(transport, (line) => told.push(line));
  expect(await send(client("--server -lptrc . ./"), recording)).toEqual({ sent: 0, linked: 0 });
  expect([told.length, told[0]?.slice(0, 6), existsSync(join(home, "shop"))]).toEqual([1, "rsync ", false]);
});

test("what the host's script refuses wins over what rsync makes of it", async () => {
  expect(await problem(send(client("--server --sender -lptrc . ./", "exit 12")))).toEqual([
    "argument-refused",
    "the runner's rsync asks for something that it was not told to: --sender",
  ]);
});

test("an rsync that ends before it asks for anything, or is not there, is none", async () => {
  const odd = script("odd", "echo 'unknown option' >&2; exit 1");
  expect(await problem(send(odd))).toEqual([
    "rsync-unusable",
    `${odd} of the runner ended 1: unknown option`,
  ]);
  const none = join(home, "none");
  expect(await problem(send(none))).toEqual([
    "rsync-unusable",
    `${none} of the runner ended at once: spawn ${none} ENOENT`,
  ]);
});

test("a run that was cancelled starts nothing", async () => {
  expect((await problem(send(client("--server"), transport, AbortSignal.abort())))[0]).toBe(
    "connection-lost",
  );
});

test("the runner's rsync is asked for its version first", async () => {
  expect(await localRsync()).toBe("3.2.7");
  expect(await problem(localRsync(join(home, "none")))).toEqual([
    "rsync-unusable",
    "rsync is not installed on the runner",
  ]);
  const old = script("old", "echo 'openrsync: protocol version 29'; echo 'rsync version 2.6.9 compatible'");
  expect(await problem(localRsync(old))).toEqual([
    "rsync-unusable",
    "rsync on the runner is too old, at least 3.1.0 is needed: openrsync: protocol version 29",
  ]);
});
