import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Assets } from "@deploy/core";
import { afterEach, describe, expect, test } from "@jest/globals";
import { loseAnswer, makeWorld, read, type World } from "./world.ts";

const assets: Assets = {
  source: "assets",
  output: "public",
  build: "auto",
  loadPaths: [],
  minify: true,
  html: false,
  fingerprint: "auto",
  sourceMaps: "keep",
  manifests: ["json"],
  precompress: [],
  keep: [],
  bridge: 2,
};

let world: World;
afterEach(() => world.dispose());

/** A release of one style sheet named by its content. */
function deploy(letter: string) {
  const name = `app-${letter}.css`;
  world.remove("public");
  world.write({ [`public/${name}`]: letter, "public/.deploy-fingerprints": `${name}\n` });
  return world.deploy({ commit: letter.repeat(40) });
}

const served = (host: string): readonly string[] =>
  readdirSync(join(world.home(host), "shop/current/public")).sort();

/** Without how much went over the wire. */
const details = (report: Awaited<ReturnType<typeof deploy>>): readonly string[] =>
  report.hosts.flatMap(({ outcomes }) =>
    outcomes
      .filter(({ step }) => step === "upload")
      .map(({ detail }) => detail.replaceAll(/, [\d.]+ k?B (sent|kept)/g, "")),
  );

describe("a bridge of two releases", () => {
  test("every host has the files of the release before, and says so", async () => {
    world = makeWorld({ assets });
    expect(details(await deploy("a"))).toEqual(Array(3).fill("uploaded and verified"));
    expect(details(await deploy("b"))).toEqual(
      Array(3).fill("uploaded and verified, keeps 1 asset file of earlier releases"),
    );
    await deploy("c");
    for (const host of world.hosts)
      expect(served(host)).toEqual([".deploy-fingerprints", "app-b.css", "app-c.css"]);
    const back = await world.rollback();
    expect(back.result).toBe("deployed");
    for (const host of world.hosts)
      expect(served(host)).toEqual([".deploy-fingerprints", "app-a.css", "app-b.css"]);
  });

  test("a host whose old file is damaged does without it, and nobody waits for that", async () => {
    world = makeWorld({ assets });
    const { release } = await deploy("a");
    writeFileSync(join(world.home("web2"), "shop/releases", release, "public/app-a.css"), "damaged");
    const report = await deploy("b");
    expect(report.result).toBe("deployed");
    expect(details(report)).toEqual([
      "uploaded and verified, keeps 1 asset file of earlier releases",
      "uploaded and verified, 1 damaged or gone there, left out",
      "uploaded and verified, keeps 1 asset file of earlier releases",
    ]);
    expect(served("web2")).toEqual([".deploy-fingerprints", "app-b.css"]);
  });

  test("the next delta is of the releases' own files: what was brought is no part of it", async () => {
    world = makeWorld({ assets });
    await deploy("a");
    await deploy("b");
    world.faults.set("web3", loseAnswer("prepare", "after"));
    world.write({ "public/app-a.css": "a", "public/.deploy-fingerprints": "app-a.css\napp-b.css\n" });
    const report = await world.deploy({ commit: "c".repeat(40) });
    expect(report.result).toBe("deployed");
    const notes = world.events.flatMap((event) => (event.kind === "note" ? [event.text] : []));
    expect(notes).toEqual(["connection lost, connecting again"]); // and not: sending everything
    expect(read(world, "web3", "current/public/app-a.css")).toBe("a");
  });

  test("without assets in the config nothing is brought", async () => {
    world = makeWorld();
    await deploy("a");
    await deploy("b");
    expect(served("web1")).toEqual([".deploy-fingerprints", "app-b.css"]);
  });
});
