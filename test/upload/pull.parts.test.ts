import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { PackedArtifact } from "@deploy/artifact";
import { type FleetHost, hostTree, needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { deployBy, type Settings } from "./deployBy.ts";
import { whereIs } from "./front.ts";
import { openPulled, type Pulled } from "./pulled.ts";

type Deployed = Awaited<ReturnType<typeof deployBy>>;

needs(
  "sshd",
  "ip",
  "versitygw",
  "curl",
)("pull", () => {
  let stage: Pulled;
  let hosts: readonly FleetHost[];
  beforeAll(async () => {
    stage = await openPulled(3);
    hosts = stage.fleet.hosts;
  });
  afterAll(() => stage?.close());

  const addresses = () => hosts.map(({ address }) => address);
  const asked = (what: string) => stage.front.seen.filter((line) => line.startsWith(what)).sort();
  const inEach = (path: string) => hosts.map(({ root }) => readdirSync(join(root, "shop", path)));

  async function deploy(packed: PackedArtifact, more: Partial<Settings> = {}): Promise<Deployed> {
    const deployed = await deployBy({ ...stage.settings(packed), ...more });
    expect([deployed.report.result, deployed.report.problems]).toEqual(["deployed", []]);
    return deployed;
  }

  /** By which way each host got it. */
  const methods = ({ report }: Deployed) =>
    report.hosts.map(({ outcomes }) => outcomes.find(({ step }) => step === "upload")?.transfer?.method);

  /** Every host serves what was packed; nothing is left in the store, or half made on a host. */
  function expectWhole(packed: PackedArtifact): void {
    const listed = hosts.map(({ root }) => manifestOf(join(root, "shop/current/")));
    expect(listed).toEqual(hosts.map(() => packed.manifest));
    expect([inEach(".deploy/staging"), stage.parcels()]).toEqual([hosts.map(() => []), []]);
  }

  test("every host fetches what was put there once, and the address stands nowhere on it", async () => {
    const packed = await stage.pack();
    const deployed = await deploy(packed);
    expect([methods(deployed), asked("PUT"), asked("fetch")]).toEqual([
      hosts.map(() => "pull"),
      ["PUT 200"],
      addresses().map((address) => `fetch ${address} 200`),
    ]);
    const after = whereIs(
      "X-Amz-Signature",
      hosts.flatMap(({ root, home }) => [root, home]),
    );
    expect([stage.front.leaks, after]).toEqual([[], []]);
    // Who looks like this does see arguments and files of hosts.
    const control = ["sshd_config", packed.artifact.manifest].map((text) =>
      whereIs(text, [hosts[0]?.root ?? ""]),
    );
    expect(control.map((found) => found.length > 0)).toEqual([true, true]);
    expect(hosts.map(({ log }) => log().includes("X-Amz-"))).toEqual(hosts.map(() => false));
    expectWhole(packed);
  });

  test("a redeploy fetches what changed", async () => {
    const packed = await stage.pack();
    const whole = (await packed.parcel(null, "none")).bytes;
    stage.front.use(() => "pass");
    expect(methods(await deploy(packed))).toEqual(hosts.map(() => "pull"));
    expect([asked("fetch").length, stage.front.fetched() < whole / 10, stage.front.leaks]).toEqual([
      3,
      true,
      [],
    ]);
    expectWhole(packed);
  });

  test("an address that is too old is made anew; who gets nothing at all is sent the release", async () => {
    const packed = await stage.pack();
    const [late = "", never = "", fine = ""] = addresses();
    const tried = new Set<string>();
    stage.front.use((host) => {
      const first = !tried.has(host);
      tried.add(host);
      return host === never || (host === late && first) ? "refuse" : "pass";
    });
    const deployed = await deploy(packed);
    const statuses = [`${late} 200`, `${late} 403`, `${never} 403`, `${never} 403`, `${fine} 200`];
    expect([methods(deployed), asked("fetch")]).toEqual([
      ["pull", "artifact", "pull"],
      statuses.map((line) => `fetch ${line}`),
    ]);
    const told = deployed.notes.filter((text) => text.includes("sending it"));
    expect(told).toEqual([expect.stringMatching(/cannot fetch .*error: 403/)]);
    expect(told.join().includes("X-Amz-")).toBe(false);
    expectWhole(packed);
  });

  test("keys that do not work are told, no host sees any, and the release is sent", async () => {
    const packed = await stage.pack();
    stage.front.use(() => "pass");
    const { key } = stage.settings(packed);
    const deployed = await deploy(packed, { key: { ...key, secret: "wrong" } });
    expect([methods(deployed), asked("fetch")]).toEqual([hosts.map(() => "artifact"), []]);
    expect(deployed.notes.filter((text) => text.includes("cannot be put into"))).toEqual([
      expect.stringContaining("The credentials for"),
    ]);
    expectWhole(packed);
  });

  test("killed while hosts fetch: nothing shows, and the next run uses and removes what it put there", async () => {
    const packed = await stage.pack();
    const before = inEach("releases");
    stage.front.use(() => "hold");
    const argv = [join(import.meta.dirname, "killed.ts")];
    const runner = spawn(process.execPath, argv, { stdio: ["pipe", "ignore", "inherit"] });
    runner.stdin.end(JSON.stringify(stage.settings(packed)));
    await stage.front.held(3);
    runner.kill("SIGKILL");
    await new Promise((done) => runner.once("close", done));
    expect([asked("PUT"), stage.parcels().length, inEach("releases")]).toEqual([["PUT 200"], 1, before]);
    stage.front.use(() => "pass");
    const deployed = await deploy(packed);
    expect([methods(deployed), asked("PUT"), asked("fetch").length]).toEqual([
      hosts.map(() => "pull"),
      ["PUT 412"],
      3,
    ]);
    expectWhole(packed);
  });
});

/** The release as it lies there, in the words of its manifest; without our two files. */
function manifestOf(folder: string): string {
  return hostTree(folder)
    .filter(({ path }) => path !== "REVISION" && path !== "RELEASE")
    .map(({ path, type, mode, size, sha256 }) =>
      type === "file" ? `f\t${mode}\t${size}\t${sha256}\t${path}\n` : `d\t${mode}\t-\t-\t${path}\n`,
    )
    .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
    .join("");
}
