import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { finish, flip, lockAcquire, type ReceiveOptions } from "../src/index.ts";
import type { TestHost } from "./host.ts";
import { treeOf } from "./host.ts";
import { fenceOf, ownerOf, receiveOf } from "./scenario.ts";
import { directory, file, type Node, streamOf } from "./stream.ts";

export const room = "public/assets";
export const list = ".deploy-fingerprints";

/** `20261121T000000Z-aaaaaaa` for `a`: by letter is by time. */
export function idOf(letter: string): string {
  return `202611${10 + letter.charCodeAt(0) - 97}T000000Z-${letter.repeat(7)}`;
}

/** A tree with these files (texts) and the list of its fingerprints; the folders of both are made. */
export function site(
  assets: Readonly<Record<string, string>>,
  more: Readonly<Record<string, Node>> = {},
  folder = room,
  listed: readonly string[] = Object.keys(assets).sort(),
): Readonly<Record<string, Node>> {
  const below = folder === "." ? "" : `${folder}/`;
  const nodes: Record<string, Node> = { ...more };
  for (const [path, text] of Object.entries(assets)) nodes[below + path] = file(text);
  nodes[below + list] = file(listed.map((path) => `${path}\n`).join(""));
  for (const path of Object.keys(nodes)) {
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1))
      nodes[path.slice(0, at)] ??= directory();
  }
  return nodes;
}

/** Deploys releases on one host as the engine would, and looks at what lies there then. */
export function makeSite(host: TestHost, bridge: ReceiveOptions["bridge"] = { folder: room, releases: 3 }) {
  const shared = { directories: [] as string[], files: [] as string[] };
  let live: string | null = null;
  const self = {
    shared,
    path: (letter: string, path = "") => join(host.base, "releases", idOf(letter), path),
    received: (letter: string, tree: Readonly<Record<string, Node>>, more: Partial<ReceiveOptions> = {}) =>
      receiveOf(host, idOf(letter), streamOf(tree), { shared, bridge, ...more }),
    async make(letter: string, tree: Readonly<Record<string, Node>>, more: Partial<ReceiveOptions> = {}) {
      if (live === null && !existsSync(join(host.base, ".deploy/lock/state")))
        await host.ask(lockAcquire({ base: host.base, owner: ownerOf("run-1"), lease: 600 }));
      const { command, payload } = self.received(letter, tree, more);
      return (await host.ask(command, payload)).bridged;
    },
    async switch(letter: string, step: "activate" | "rollback" | "revert" = "activate") {
      await host.ask(flip({ fence: fenceOf(host), expect: live, to: idOf(letter), step }));
      live = idOf(letter);
    },
    async finish(bad: string | null = null, removals: readonly string[] = []) {
      const [from, gone] = [bad === null ? null : idOf(bad), removals.map(idOf)];
      await host.ask(finish({ fence: fenceOf(host), release: live ?? "", bad: from, removals: gone }));
    },
    /** All of it: made, live, proved good. */
    async deploy(letter: string, tree: Readonly<Record<string, Node>>, more: Partial<ReceiveOptions> = {}) {
      const bridged = await self.make(letter, tree, more);
      await self.switch(letter);
      await self.finish();
      return bridged;
    },
    /** Names of the assets, without the list; sorted. */
    assets(letter: string, folder = room): readonly string[] {
      const tree = treeOf(self.path(letter, folder));
      return Object.keys(tree)
        .filter((path) => !tree[path]?.endsWith("/") && path !== list)
        .sort();
    },
    read: (letter: string, path: string) => readFileSync(self.path(letter, path), "utf8"),
  };
  return self;
}
