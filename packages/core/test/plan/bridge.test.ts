import {
  type Assets,
  type Config,
  comparePlans,
  type Plan,
  plan,
  renderPlanText,
  stepsNamed,
} from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  artifact,
  configOf,
  deployPlan,
  deployRequest,
  fleetOf,
  minted,
  newRelease,
  reachedHost,
  reconcileRequest,
  serving,
} from "../fixtures.ts";

const assets: Assets = {
  source: "assets",
  output: "public/assets",
  build: "auto",
  loadPaths: [],
  minify: true,
  html: false,
  fingerprint: "auto",
  sourceMaps: "keep",
  manifests: ["json"],
  precompress: [],
  keep: [],
  bridge: 3,
};

const configWith = (changes: Partial<Assets> = {}, more: Partial<Config> = {}): Config =>
  configOf({ assets: { ...assets, ...changes }, ...more });

function bridgeIn(made: Plan): unknown {
  return stepsNamed(made, "upload")[0];
}

describe("the bridge in a plan", () => {
  test("is a part of the upload, and of the digest", () => {
    const made = deployPlan(configWith());
    const hosts = ["web1", "web2", "web3"];
    const bridge = { folder: "public/assets", releases: 3 };
    expect(bridgeIn(made)).toEqual({ id: "upload", step: "upload", hosts, bridge });
    const digests = [configOf(), configWith({ bridge: 2 }), configWith()].map(
      (one) => deployPlan(one).digest,
    );
    expect(new Set(digests).size).toBe(3);
    expect(digests[2]).toBe(made.digest);
  });

  test.each<readonly [string, Partial<Assets>, Partial<Config>, string | undefined, number?]>([
    ["all of the repository is packed", {}, { source: "." }, "public/assets"],
    ["a folder above them is packed", { output: "build/assets" }, { source: "build" }, "assets"],
    ["they are all that is packed", { output: "dist" }, { source: "dist" }, "."],
    ["they are the repository", { output: "." }, { source: "." }, "."],
    ["another folder is packed", { output: "build2/assets" }, { source: "build" }, undefined],
    ["a folder below them is packed", { output: "build" }, { source: "build/app" }, undefined],
    ["a release keeps only its own", { bridge: 1 }, {}, undefined],
    ["no file is named by its content", { fingerprint: "none" }, {}, undefined],
    ["fewer releases are kept", { bridge: 9 }, { keepReleases: 2 }, "public/assets", 3],
  ])("where %s", (_, changes, more, folder, releases = 3) => {
    const made = deployPlan(configWith(changes, more));
    const bridge = folder === undefined ? {} : { bridge: { folder, releases } };
    expect(bridgeIn(made)).toEqual({
      id: "upload",
      step: "upload",
      hosts: ["web1", "web2", "web3"],
      ...bridge,
    });
  });

  test("is said in one line", () => {
    const line = (config: Config): string | undefined =>
      /1\. .*/.exec(renderPlanText(deployPlan(config)))?.[0];
    expect(line(configWith())).toBe(
      "1. upload on all 3 hosts: 200 files, 1.0 MB; keeps asset files of the last 3 releases in public/assets",
    );
    expect(line(configWith({ output: "." }))).toBe(
      "1. upload on all 3 hosts: 200 files, 1.0 MB; keeps asset files of the last 3 releases",
    );
  });

  test("was approved: another number is another plan", () => {
    const fresh = plan(configWith({ bridge: 2 }), fleetOf(), deployRequest({ release: minted }));
    expect(comparePlans(deployPlan(configWith()), fresh)).toEqual(["the steps changed"]);
  });

  test("comes with what a late host is sent, and with no rollback", () => {
    const live = ["web1", "web2"].map((name) => serving(name, minted, [newRelease("good")]));
    const facts = [...live, reachedHost("web3")];
    const late = plan(configWith(), facts, reconcileRequest({ artifact }));
    const bridge = { folder: "public/assets", releases: 3 };
    expect(bridgeIn(late)).toEqual({ id: "upload", step: "upload", hosts: ["web3"], bridge });
    const back = plan(configWith(), fleetOf(), { kind: "rollback" });
    expect(JSON.stringify(back)).not.toContain("bridge");
  });
});
