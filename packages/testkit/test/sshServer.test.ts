import { randomBytes } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Client } from "ssh2";
import { startApp } from "../src/app/app.ts";
import { isRunning } from "../src/processes.ts";
import { testKeys } from "../src/ssh/keys.ts";
import { type SshServer, sshServer } from "../src/ssh/server.ts";
import { connect, exec, getThrough } from "./client.ts";
import { appears, testFolder } from "./folder.ts";

const folder = testFolder();
const keys = testKeys();
let server: SshServer;
let client: Client;

beforeAll(async () => {
  server = await sshServer({ directory: folder, name: "web1", authorizedKey: keys.public });
  client = await connect(server.host, keys.private);
});
afterAll(async () => {
  client.end();
  await server.close();
});

describe("sshServer", () => {
  test("says where it is", () => {
    const { port } = server;
    expect(server.host).toEqual({
      name: `127.0.0.1:${port}`,
      address: "127.0.0.1",
      port,
      username: "deploy",
      roles: [],
    });
    expect(server.knownHostsLine).toMatch(
      new RegExp(`^\\[127\\.0\\.0\\.1\\]:${port} ssh-ed25519 [\\w+/]+={0,2}$`),
    );
  });

  test("keeps stdout, stderr and the status apart", async () => {
    const ran = await exec(client, "cat; echo oops >&2; exit 7", "hello");
    expect(ran).toEqual({ code: 7, signal: undefined, stdout: "hello", stderr: "oops\n" });
  });

  test("runs in its own root, which is HOME, with a small environment", async () => {
    const ran = await exec(client, "pwd; cd ~; pwd; env | cut -d= -f1 | sort | tr '\\n' ' '");
    expect(ran.stdout).toBe(
      `${server.root}\n${server.root}\nDEPLOY_TESTKIT_HOST HOME LC_ALL LOGNAME OLDPWD PATH PWD SHELL USER `,
    );
  });

  test("names the signal that ended a command", async () => {
    expect(await exec(client, "kill -TERM $$")).toMatchObject({ code: null, signal: "SIGTERM" });
  });

  test("carries megabytes both ways, byte for byte", async () => {
    const bytes = randomBytes(5_000_000);
    const ran = await exec(client, "cat", bytes);
    expect(Buffer.from(ran.stdout, "latin1").equals(bytes)).toBe(true);
  });

  test("survives a command that does not read its input", async () => {
    expect(await exec(client, "exec <&-; echo done", randomBytes(4_000_000))).toMatchObject({
      stdout: "done\n",
    });
  });

  test("runs commands side by side", async () => {
    const fifo = join(server.root, "fifo");
    const [reader, writer] = await Promise.all([
      exec(client, `mkfifo ${fifo}; cat ${fifo}`),
      exec(client, `until [ -p ${fifo} ]; do sleep 0.05; done; echo met > ${fifo}`),
    ]);
    expect([reader.stdout, writer.code]).toEqual(["met\n", 0]);
  });

  test("lets only the one key and user in", async () => {
    await expect(connect(server.host, testKeys().private)).rejects.toThrow("authentication methods failed");
    await expect(connect({ ...server.host, username: "root" }, keys.private)).rejects.toThrow(
      "authentication",
    );
  });

  test("refuses as many connections as told", async () => {
    server.refuse(2);
    await expect(connect(server.host, keys.private)).rejects.toThrow();
    await expect(connect(server.host, keys.private)).rejects.toThrow();
    (await connect(server.host, keys.private)).end();
  });

  test("drops connections, and the commands go on", async () => {
    const other = await sshServer({ directory: folder, name: "other", authorizedKey: keys.public });
    const live = await connect(other.host, keys.private);
    live.on("error", () => {});
    const done = join(other.root, "done");
    const ran = exec(live, `touch on; while [ ! -e go ]; do sleep 0.05; done; touch ${done}`);
    await appears(join(other.root, "on"));
    await exec(live, "true");
    expect([other.drop(), other.connections()]).toEqual([1, 1]);
    expect(await ran).toMatchObject({ code: null, signal: undefined });
    writeFileSync(join(other.root, "go"), "");
    await appears(done);
    await other.close();
  });
});

describe("an app on the host", () => {
  test("answers through the port map, with the release it started with, until SIGHUP", async () => {
    for (const release of ["r1", "r2"])
      mkdirSync(join(server.root, "shop/releases", release), { recursive: true });
    writeFileSync(join(server.root, "shop/releases/r2/health-status"), "503\n");
    writeFileSync(join(server.root, "shop/releases/r2/REVISION"), "abc\n");
    const current = join(server.root, "shop/current");
    symlinkSync("releases/r1", current);
    const pidFile = join(server.root, "app.pid");
    const app = await startApp(server, { deployTo: join(server.root, "shop"), port: 0, pidFile });

    await expect(getThrough(client, 8080, "/up")).rejects.toThrow("Channel open failure");
    server.setPort(8080, app.port);
    expect(await getThrough(client, 8080, "/up")).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*X-Release: r1\r\n/);

    await exec(client, "ln -s releases/r2 shop/next && mv -T shop/next shop/current");
    expect(await getThrough(client, 8080, "/up")).toMatch(/X-Release: r1\r\n/);
    await exec(client, "kill -HUP $(cat app.pid)");
    await app.until(/serving r2/);
    const answer = await getThrough(client, 8080, "/up");
    expect(answer).toMatch(/^HTTP\/1.1 503 Service Unavailable\r\n[\s\S]*X-Release: r2\r\n/);
    expect(answer).toContain('{"path":"/up","release":"r2","revision":"abc","status":503}');
    await app.stop();
    await expect(getThrough(client, 8080, "/up")).rejects.toThrow("Channel open failure");
  });
});

test("close ends what it started, also what left its group", async () => {
  const own = await sshServer({ directory: folder, name: "own", authorizedKey: keys.public });
  const user = await connect(own.host, keys.private);
  user.on("error", () => {});
  await exec(user, "sleep 1000 >/dev/null 2>&1 & echo $! > plain");
  await exec(user, "setsid sh -c 'echo $$ > away; exec sleep 1000' >/dev/null 2>&1 &");
  await exec(user, "until [ -s plain ] && [ -s away ]; do sleep 0.05; done");
  const pids = (await exec(user, "cat plain away")).stdout.trim().split("\n").map(Number);
  expect(pids.map(isRunning)).toEqual([true, true]);
  await own.close();
  while (pids.some(isRunning)) await new Promise((tick) => setTimeout(tick, 20));
});
