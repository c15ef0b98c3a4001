import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Backup } from "@deploy/core";
import { s3Store } from "@deploy/store";
import { findFreePort, needs, pathOfPart } from "@deploy/testkit";
import { localConnector } from "@deploy/transport";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { backUp, listBackups, sayBackedUp } from "../src/index.ts";

const root = { accessKeyId: "root", secretAccessKey: "of-root" };
const writer = { accessKeyId: "writer", secretAccessKey: "of-the-writer" };
/** What the guide advises for CI. */
const policy = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: "*",
      Action: ["s3:PutObject", "s3:GetObject"],
      Resource: "arn:aws:s3:::kept/*",
    },
    { Effect: "Allow", Principal: "*", Action: ["s3:ListBucket"], Resource: "arn:aws:s3:::kept" },
  ],
};
const backup: Backup = {
  ...{ database: "command", run: "echo a dump", verify: "cat >/dev/null" },
  ...{ encryptTo: [], from: "runner", proof: "read", compression: "none", minimum: 1, keep: 1 },
};

needs("versitygw", "aws")("a bucket whose writer may not delete", () => {
  const folder = mkdtempSync(join(tmpdir(), "backup-write-only-"));
  let server: ChildProcess;
  let endpoint = "";

  beforeAll(async () => {
    for (const name of ["buckets/kept", "sidecar/kept", "iam", "base"])
      mkdirSync(join(folder, name), { recursive: true });
    const port = await findFreePort();
    endpoint = `http://127.0.0.1:${port}`;
    const flags = ["--quiet", "--port", `127.0.0.1:${port}`, "--iam-dir", join(folder, "iam")];
    const env = { ...process.env, ROOT_ACCESS_KEY: root.accessKeyId, ROOT_SECRET_KEY: root.secretAccessKey };
    // Metadata in files: extended attributes are not everywhere.
    const disk = ["posix", "--sidecar", join(folder, "sidecar"), join(folder, "buckets")];
    server = spawn(pathOfPart("versitygw") ?? "", [...flags, ...disk], { env, stdio: "ignore" });
    while (!(await fetch(endpoint).then(Boolean, () => false))) {
      if (server.exitCode !== null) throw new Error("versitygw ended");
      await pause(50);
    }
    const { accessKeyId, secretAccessKey } = writer;
    const asRoot = ["-a", root.accessKeyId, "-s", root.secretAccessKey, "--er", endpoint];
    const account = ["-a", accessKeyId, "-s", secretAccessKey, "-r", "user"];
    run("versitygw", ["admin", ...asRoot, "create-user", ...account]);
    writeFileSync(join(folder, "policy.json"), JSON.stringify(policy));
    const put = [
      "put-bucket-policy",
      "--bucket",
      "kept",
      "--policy",
      `file://${join(folder, "policy.json")}`,
    ];
    run("aws", ["--endpoint-url", endpoint, "s3api", ...put]);
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => server.once("close", resolve));
    server.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (program: "aws" | "versitygw", args: readonly string[]): void => {
    const keys = { AWS_ACCESS_KEY_ID: root.accessKeyId, AWS_SECRET_ACCESS_KEY: root.secretAccessKey };
    const env = { ...process.env, ...keys, AWS_REGION: "us-east-1" };
    const ran = spawnSync(pathOfPart(program) ?? "", args, { env, encoding: "utf8" });
    if (ran.status !== 0) throw new Error(ran.stderr);
  };

  test("backs up again and again, and tells which one should have gone", async () => {
    const credentials = async () => writer;
    const store = s3Store({ bucket: "kept", prefix: "shop", region: "us-east-1", endpoint, credentials });
    const host = { name: "here", address: "here", port: 22, username: "", roles: [] };
    const transport = await localConnector({ home: folder })(host);
    const base = join(folder, "base");
    const again = (now: Date) =>
      backUp({
        ...{ backup, transport, store, base, directory: base, now, app: "shop", environment: "production" },
        ...{ run: "4711", signal: new AbortController().signal, onNote: () => {} },
      });
    const first = await again(new Date("2026-11-20T08:00:00Z"));
    const second = await again(new Date("2026-11-21T08:00:00Z"));
    expect([first.retained.denied, second.retained.removed, second.retained.denied]).toEqual([
      [],
      [],
      [{ id: first.manifest.id, why: expect.stringMatching(/denied/i) }],
    ]);
    expect(sayBackedUp(second).detail).toMatch(/, 1 older may not be removed$/);
    expect(await listBackups(store)).toEqual({
      backups: [second.manifest, first.manifest],
      orphans: [],
      damaged: [],
    });
    await transport.close();
    store.close();
  });
});
