import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { machinePolicy, pullerAgent, userData } from "@deploy/remote";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { makeHost, type TestHost } from "../../packages/remote/test/host.ts";
import { dash } from "../../packages/remote/test/shells.ts";
import { A, makeStage, type Stage } from "./stage.ts";

const run = promisify(execFile);
let stage: Stage;
let host: TestHost;
beforeEach(async () => {
  stage = await makeStage(dash);
  host = makeHost(dash);
});
afterEach(async () => {
  host.remove();
  await stage.close();
});

const textOf = async () => {
  const publicKey = String((await stage.signer.publicKey()).export({ format: "pem", type: "spki" }));
  const named = { app: "shop", environment: "production", store: stage.url, floor: 41 };
  return userData({ ...named, base: host.base, user: userInfo().username, publicKey });
};
const boot = (text: string) => run("sh", ["-c", text], { env: { ...host.env, HOST: "i-7" } });
const agentKey = () => `agent/${createHash("sha256").update(pullerAgent()).digest("hex")}`;

test("user-data makes a machine that deploys itself, and again the same one", async () => {
  stage.write(agentKey(), pullerAgent());
  await stage.publish({ serial: 41, live: stage.parcel(A), health: undefined });
  for (const _ of [1, 2]) {
    await boot(await textOf());
    const { stdout } = await run("sh", [join(host.base, ".deploy/puller/agent/puller.sh"), host.base], {
      env: host.env,
    });
    expect(stdout).toBe(`live ${A} 41\n`);
  }
  expect(readFileSync(join(host.base, "current/RELEASE"), "utf8")).toBe(`${A}\n`);
  expect(stage.status()).toEqual(["41/live/i-7"]);
  expect(statSync(join(host.base, ".deploy")).mode & 0o77).toBe(0);
});

test("an agent that is not the one it was born for is never run", async () => {
  stage.write(agentKey(), `touch ${host.home}/ran\n${pullerAgent()}`);
  await expect(boot(await textOf())).rejects.toThrow("is not what this machine was born for");
  expect(() => statSync(join(host.home, "ran"))).toThrow("ENOENT");
});

test("no secret and no word of a shell's stands in it; the role reads orders and writes status alone", async () => {
  expect(await textOf()).not.toContain("PRIVATE");
  const options = {
    app: "shop",
    environment: "p",
    store: stage.url,
    floor: 1,
    user: "deploy",
    publicKey: "",
  };
  expect(() => userData({ ...options, base: "/srv/$(id)" })).toThrow("cannot stand in a unit");
  expect(() => userData({ ...options, base: "/srv/shop", store: 'https://x/"' })).toThrow("not a store");
  const { Statement: statements } = JSON.parse(machinePolicy("shop-pull", "production")) as {
    Statement: readonly { Action: string; Resource: readonly string[] }[];
  };
  expect(statements.map((one) => [one.Action, ...one.Resource].join(" "))).toEqual([
    "s3:GetObject arn:aws:s3:::shop-pull/production/pointer arn:aws:s3:::shop-pull/production/parcels/* arn:aws:s3:::shop-pull/production/agent/*",
    "s3:PutObject arn:aws:s3:::shop-pull/production/status/*",
  ]);
});
