import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { localConnector } from "../../src/index.ts";
import { RsyncClient } from "../../src/rsync/client.ts";

const name = "INPUT_SSH-PRIVATE-KEY";
beforeEach(() => {
  process.env[name] = "the private key";
});
afterEach(() => {
  delete process.env[name];
});

test("rsync is given none of what this process was given", async () => {
  const { stdout } = await new RsyncClient("/bin/sh", ["-c", "env"]).ended;
  expect([stdout, /^HOME=\/dev\/null$/m.test(stdout)]).toEqual([expect.not.stringContaining("key"), true]);
});

test("nor is a command that runs on this machine", async () => {
  const host = { name: "here", address: "here", port: 22, username: "", roles: [] };
  const transport = await localConnector()(host);
  const run = { name: "env", script: "env\n", args: [], payload: false } as const;
  const command = { ...run, kind: "read", rehearsal: "" } as const;
  const { stdout } = await transport.exec({ ...command, parse: () => undefined });
  expect([stdout, stdout.includes("PATH=")]).toEqual([expect.not.stringContaining("the private key"), true]);
  await transport.close();
});
