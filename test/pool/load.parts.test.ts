import { needs, until } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startLoad } from "./load.ts";
import { openRig, type Rig } from "./rig.ts";

const describe = needs("sshd", "ip", "curl", "haproxy");
const pool = {
  kind: "file",
  path: "drain",
  settle: "2s",
  "in-flight": "curl -s http://127.0.0.1:8080/open",
  within: "30s",
};

describe("four hosts behind HAProxy, restarted rudely while people order", () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig();
    await until(
      "HAProxy has somebody to ask",
      async () => (await startLoad(rig.port).end(8)).failed.length === 0,
    );
  }, 120_000);
  afterAll(() => rig?.close());

  test("host by host, out of the pool and in again: not one of 5,000 requests is lost", async () => {
    const load = startLoad(rig.port);
    const report = await rig.deploy({ strategy: "rolling", pool });
    const { sent, failed } = await load.end(5_000);
    expect([report.result, report.problems, report.warnings]).toEqual(["deployed", [], []]);
    expect(report.hosts.map(({ wave }) => wave)).toEqual(["4", "1", "2", "3"]);
    expect([failed, sent >= 5_000]).toEqual([[], true]);
  }, 300_000);

  test("the same without the pool loses some: the load would have seen it", async () => {
    const load = startLoad(rig.port);
    const report = await rig.deploy({ strategy: "rolling" });
    const { failed } = await load.end(0);
    expect(report.result).toBe("deployed");
    expect(failed.length).toBeGreaterThan(0);
  }, 300_000);
});
