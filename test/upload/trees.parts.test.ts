import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostTree, needs, shareOf, type TreeEntry } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openNginx } from "./nginx.ts";
import { changeTree, growMany, growTree, randomOf } from "./randomTree.ts";
import { type How, openStage, type Stage } from "./stage.ts";

// `npm run test:trees` takes more seeds, and a file of 1 GB, for which CI has no time.
const all = process.env.DEPLOY_TREES === "all";
const few = ["artifact", "rsync", "pull"];

/**
 * Every way by which a release comes to a host; in CI half of the others beside the default, by day. What is sent from a
 * base differs from what is sent to nothing.
 */
function waysOf({ store }: Stage): readonly How[] {
  const pull = { method: "pull", ...store };
  const others: readonly How[] = [
    { base: "links", upload: { unchanged: "link" } },
    { base: "gzip", upload: { compression: "gzip" } },
    { base: "plain", upload: { compression: "none" } },
    { base: "rsync", upload: { method: "rsync" } },
    { base: "rsync-links", upload: { method: "rsync", unchanged: "link" } },
    { base: "pull", upload: pull },
  ];
  return [{ base: "artifact" }, ...(all ? others : shareOf(others, 2))];
}

needs(
  "sshd",
  "rsync",
  "versitygw",
  "curl",
)("one tree, whichever way it came", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ hosts: 1 });
  });
  afterAll(() => stage.close());

  test.each(all ? [1, 2, 3, 4, 5, 6, 7, 8] : [1])("random tree %i, and its random changes", async (seed) => {
    const random = randomOf(seed);
    const root = join(stage.folder, `tree${seed}`);
    growTree(root, random, 60);
    for (let round = 0; round < (all ? 4 : 2); round++) {
      if (round > 0) changeTree(root, random, round);
      await deployAll(root, seed * 10 + round, `seed${seed}`);
    }
    // From nothing, by now another tree than the first.
    await deployAll(root, seed * 10 + 9, `cold${seed}`);
  });

  test("10,000 small files, of which one changes", async () => {
    const root = join(stage.folder, "many");
    growMany(root, 10_000);
    await deployAll(root, 100, "many", few);
    rmSync(join(root, "many/50/5001.txt"));
    await deployAll(root, 101, "many", few);
  });

  (all ? test : test.skip)("a file of 1 GB, and one beside it that changes", async () => {
    const root = join(stage.folder, "large");
    mkdirSync(root);
    const file = createWriteStream(join(root, "large.bin"));
    for (let part = 0; part < 1024; part++) {
      const bytes = part % 8 === 0 ? randomBytes(1 << 20) : Buffer.alloc(1 << 20, `${part} `);
      if (!file.write(bytes)) await once(file, "drain");
    }
    await new Promise((done) => file.end(done));
    for (const [round, text] of ["one", "two"].entries()) {
      writeFileSync(join(root, "small.txt"), text);
      await deployAll(root, 200 + round, "large", few);
    }
  });

  needs("nginx")("served by nginx", () => {
    test("the same commit with other content of the same size is new to a browser, whichever way it came", async () => {
      const root = join(stage.folder, "served");
      mkdirSync(root);
      for (const way of waysOf(stage).filter(({ base }) => few.includes(base))) {
        const base = `served-${way.base}`;
        const publish = async (text: string, now: Date) => {
          writeFileSync(join(root, "app.css"), text);
          const packed = await stage.pack(root, 300);
          return (await stage.deploy(packed, { ...way, base, now })).report.result;
        };
        expect(await publish("a{order:1}", new Date(Date.now() - 60_000))).toBe("deployed");
        const nginx = await openNginx(join(stage.fleet.hosts[0]?.root ?? "", base, "current"));
        try {
          const { etag = "" } = await nginx.get("/app.css");
          expect(await nginx.get("/app.css", { "if-none-match": etag })).toEqual({
            status: 304,
            etag,
            text: "",
          });
          expect(await publish("a{order:2}", new Date())).toBe("deployed");
          const fresh = await nginx.get("/app.css", { "if-none-match": etag });
          expect([base, fresh.status, fresh.text]).toEqual([base, 200, "a{order:2}"]);
        } finally {
          await nginx.close();
        }
      }
    });
  });

  /** The same release by every way into folders of their own; each must be the source, bit for bit. */
  async function deployAll(
    root: string,
    round: number,
    prefix: string,
    names?: readonly string[],
  ): Promise<void> {
    const packed = await stage.pack(root, round);
    for (const way of waysOf(stage)) {
      if (names !== undefined && !names.includes(way.base)) continue;
      const base = `${prefix}-${way.base}`;
      const { report } = await stage.deploy(packed, { ...way, base });
      expect({ base, result: report.result, problems: report.problems }).toEqual({
        base,
        result: "deployed",
        problems: [],
      });
      const used = report.hosts.flatMap(({ outcomes }) =>
        outcomes.flatMap(({ transfer }) => transfer?.method ?? []),
      );
      expect({ base, used }).toEqual({ base, used: [way.upload?.method ?? "artifact"] });
      const linked = way.upload?.unchanged === "link";
      const tree = seen(stage.tree(base), linked);
      expect({ base, tree }).toEqual({ base, tree: seen(wanted(root, tree), linked) });
    }
  }
});

/** The source as it must lie on a host: our two files beside it, and one time for all. */
function wanted(root: string, tree: readonly TreeEntry[]): readonly TreeEntry[] {
  const { mtime = 0 } = tree.find((entry) => entry.mtime !== undefined) ?? {};
  return hostTree(root).map((entry) => ({ ...entry, mtime }));
}

/** Without what is ours, what the system decides (modes and times of links) and, where files are linked, their times. */
function seen(tree: readonly TreeEntry[], linked: boolean): readonly TreeEntry[] {
  return tree
    .filter(({ path }) => path !== "REVISION" && path !== "RELEASE")
    .map(({ mtime = 0, ...entry }) =>
      entry.type === "link" || linked
        ? { ...entry, mode: entry.type === "link" ? "" : entry.mode }
        : { ...entry, mtime },
    );
}
