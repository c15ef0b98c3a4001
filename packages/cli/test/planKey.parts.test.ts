import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FleetHost, needs, type SshdFleet, sshdFleet, testKeys } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { main } from "../src/index.ts";
import { recordedIo } from "./io.ts";

needs("sshd")("a key that plans", () => {
  const folder = mkdtempSync(join(tmpdir(), "plan-key-"));
  const keys = testKeys({ comment: "plans" });
  let [fleet, host, base]: [SshdFleet, FleetHost, string] = [] as never;
  const cli = async (...argv: readonly string[]) => {
    const io = recordedIo({ cwd: folder, env: { PATH: process.env.PATH, HOME: folder } });
    const code = await main(argv, io);
    return { code, out: io.out(), err: io.err() };
  };
  const login = ["--known-hosts", "pins", "--identity-file", "plan", "--commit", "1".repeat(40)];

  beforeAll(async () => {
    const authorized = join(folder, "authorized_keys");
    fleet = await sshdFleet({ hosts: [{ config: [`AuthorizedKeysFile ${authorized}`] }], namespaces: false });
    host = fleet.hosts[0] as FleetHost;
    base = `${host.srv}/shop`;
    mkdirSync(join(folder, ".github"));
    const { address, port, username } = host;
    const config = {
      app: "shop",
      "deploy-to": base,
      source: ".github",
      environments: { production: { hosts: [{ address, port, username }] } },
    };
    writeFileSync(join(folder, ".github/deploy.yml"), JSON.stringify(config));
    writeFileSync(join(folder, "pins"), fleet.knownHosts());
    writeFileSync(join(folder, "plan"), keys.private, { mode: 0o600 });
    writeFileSync(join(folder, "plan.pub"), `${keys.public}\n`);
    const { out } = await cli("plan-key", "plan.pub");
    const pasted = await host.exec(["sh"], out);
    expect([pasted.code, pasted.stderr]).toEqual([0, ""]);
    writeFileSync(authorized, readFileSync(join(host.home, ".ssh/authorized_keys")));
    chmodSync(authorized, 0o600);
  });
  afterAll(async () => {
    await fleet.close();
    rmSync(folder, { recursive: true });
  });

  test("plans, and deploys nothing", async () => {
    expect(await cli("plan", ...login)).toMatchObject({ code: 0, out: expect.stringContaining("shop") });
    const { code, out, err } = await cli("run", "--yes", ...login);
    expect([code, out + err]).toEqual([
      1,
      expect.stringMatching(
        /key-restricted · .* this key may only look at what a plan reads.*`deploy plan-key`/,
      ),
    ]);
    expect(existsSync(base)).toBe(false);
  });
});
