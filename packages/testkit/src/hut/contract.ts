import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { hostTree } from "../tree.ts";
import { cuts } from "./cuts.ts";
import { base, deploy, documentRoot, dropPacks, goBack, look, packSite } from "./deploy.ts";
import { readWhile } from "./reader.ts";
import { first, put, second, siteOf } from "./sites.ts";
import type { HutSubject } from "./subject.ts";

export interface HutOptions {
  /** There is a connection to cut. */
  readonly wire: boolean;
  /** Opens one with room for a million bytes. */
  readonly small?: () => Promise<HutSubject>;
}

/** What a server that runs nothing keeps, whatever leads to it. `make` opens a new, empty one. */
export function hutContract(
  name: string,
  make: () => Promise<HutSubject>,
  { wire, small }: HutOptions,
): void {
  describe(`${name}: a site without a shell`, () => {
    let subject: HutSubject;
    beforeEach(async () => {
      subject = await make();
    });
    afterEach(() => subject.dispose());
    afterAll(dropPacks);
    const here = (path: string) => join(subject.folder, documentRoot, path);
    deploys(() => subject, here);
    others(() => subject, here);
    if (small !== undefined) fills(small);
    if (!wire) return;
    read(() => subject);
    cuts(() => subject, make);
    many(() => subject);
  });
}

function deploys(get: () => HutSubject, here: (path: string) => string): void {
  test("a first deploy, a second, and one that changes nothing; each names itself", async () => {
    const transport = await get().connect();
    await deploy(transport, "1-a", await packSite(first));
    expect(siteOf(get())).toEqual(first);
    expect(readFileSync(here("RELEASE"), "utf8")).toBe("1-a\n");
    const sent = await deploy(transport, "2-b", await packSite(second));
    expect(siteOf(get())).toEqual(second);
    expect(existsSync(here("old"))).toBe(false);
    expect(await deploy(transport, "3-c", await packSite(second))).toBeLessThan(sent);
    expect(siteOf(get())).toEqual(second);
    const { current, releases, lock, tenant } = await look(transport);
    expect(current).toEqual({ kind: "release", release: "3-c" });
    expect(releases.map(({ id, state }) => `${id} ${state}`)).toEqual(["1-a good", "2-b good", "3-c good"]);
    expect([lock.owner, tenant?.app]).toEqual([undefined, "shop"]);
    await transport.close();
  });

  test("back to each release that is kept, and to what lay there before all of them", async () => {
    put(get(), "index.html", "before");
    put(get(), "same.txt", "stays");
    const transport = await get().connect();
    await deploy(transport, "1-a", await packSite(first));
    await deploy(transport, "2-b", await packSite(second));
    await deploy(transport, "3-c", await packSite({ ...first, "index.html": "three" }));
    await goBack(transport, ["3-c", "1-a"]);
    expect(siteOf(get())).toEqual(first);
    await goBack(transport, ["1-a", "2-b"]);
    expect(siteOf(get())).toEqual(second);
    await goBack(transport, ["2-b", null], "revert");
    expect(siteOf(get())).toEqual({ "index.html": "before", "same.txt": "stays" });
    await transport.close();
  });

  test("what no kept release needs is removed, and what is kept is whole", async () => {
    const transport = await get().connect();
    for (const id of ["1-a", "2-b", "3-c", "4-d"])
      await deploy(transport, id, await packSite({ ...first, [`of-${id}`]: id, "index.html": id }), {
        keep: 2,
      });
    const kept = hostTree(join(get().folder, base, ".deploy/stored")).length;
    expect((await look(transport)).releases.map(({ id }) => id)).toEqual(["3-c", "4-d"]);
    expect(kept).toBe(3);
    await goBack(transport, ["4-d", "3-c"]);
    expect(siteOf(get())).toEqual({ ...first, "of-3-c": "3-c", "index.html": "3-c" });
    await transport.close();
  });

  test("odd names, a renamed folder, an executable file", async () => {
    const odd = { "a b/c'd.txt": "1", "ä/ü €.txt": "2", "-dash": "3", 'a"q$`.txt': "4", "#x%20?.txt": "5" };
    const transport = await get().connect();
    await deploy(transport, "1-a", await packSite({ ...odd, "was/x.txt": "x", "was/y.sh": "y" }));
    await deploy(transport, "2-b", await packSite({ ...odd, "is/x.txt": "x", "is/y.sh": "y" }));
    expect(siteOf(get())).toEqual({ ...odd, "is/x.txt": "x", "is/y.sh": "y" });
    expect(existsSync(here("was"))).toBe(false);
    await transport.close();
  });
}

function others(get: () => HutSubject, here: (path: string) => string): void {
  test("what others put there stays, also where a folder of ours goes", async () => {
    const transport = await get().connect();
    await deploy(transport, "1-a", await packSite(first));
    for (const path of ["uploads/cat.jpg", "old/theirs.txt"]) put(get(), path, "theirs");
    await deploy(transport, "2-b", await packSite(second));
    expect(siteOf(get())).toEqual({ ...second, "uploads/cat.jpg": "theirs", "old/theirs.txt": "theirs" });
    put(get(), "fresh.txt", "theirs");
    const taken = deploy(transport, "3-c", await packSite({ ...second, "fresh.txt": "ours" }));
    await expect(taken).rejects.toMatchObject({ problem: { code: "path-taken" } });
    expect(readFileSync(here("fresh.txt"), "utf8")).toBe("theirs");
    await transport.close();
  });

  test("a manifest that somebody changed on the server is not followed", async () => {
    const transport = await get().connect();
    await deploy(transport, "1-a", await packSite(first));
    await deploy(transport, "2-b", await packSite(second));
    await transport.close();
    const place = join(get().folder, base, ".deploy/manifests/1-a");
    writeFileSync(place, readFileSync(place, "utf8").replace("old/gone.txt", "old/evil.txt"));
    const later = await get().connect();
    await expect(goBack(later, ["2-b", "1-a"])).rejects.toMatchObject({
      problem: { code: "manifest-damaged" },
    });
    expect(siteOf(get())).toEqual(second);
    await later.close();
  });

  test("two at once: the second is refused, and says who holds the lock", async () => {
    const [one, two] = [await get().connect(), await get().connect()];
    const [a, b] = [await packSite(first), await packSite(second)];
    const inside = async () => {
      const other = deploy(two, "2-b", b);
      await expect(other).rejects.toMatchObject({
        problem: { code: "locked", message: expect.stringContaining("run 1") },
      });
    };
    await deploy(one, "1-a", a, { prepared: inside });
    expect(siteOf(get())).toEqual(first);
    await deploy(two, "2-b", b);
    await Promise.all([one.close(), two.close()]);
  });
}

function fills(small: () => Promise<HutSubject>): void {
  test("a full disk is told as one, and the site is as it was", async () => {
    const subject = await small();
    const transport = await subject.connect();
    await deploy(transport, "1-a", await packSite(first));
    const large = { ...second, "large.bin": "x".repeat(3_000_000) };
    await expect(deploy(transport, "2-b", await packSite(large))).rejects.toMatchObject({
      problem: { code: "disk-full" },
    });
    expect(siteOf(subject)).toEqual(first);
    await transport.close();
    await subject.dispose();
  });
}

function read(get: () => HutSubject): void {
  test("whoever reads it meanwhile meets no page without its style sheet", async () => {
    const { pages, broken } = await readWhile(get());
    expect([broken, pages]).toEqual([[], 2]);
  });
}

function many(get: () => HutSubject): void {
  test("5,000 small files", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, at) => [`d${at % 50}/f${at}.txt`, `${at}`]),
    );
    const transport = await get().connect();
    await deploy(transport, "1-a", await packSite(many));
    await deploy(transport, "2-b", await packSite({ ...many, "d1/f1.txt": "changed" }));
    expect(siteOf(get())).toEqual({ ...many, "d1/f1.txt": "changed" });
    await transport.close();
  });
}
