import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  brokenIn,
  deploy,
  documentRoot,
  dropPacks,
  type Fuse,
  firstSite,
  folderFiles,
  goBack,
  look,
  packSite,
  putInSite,
  secondSite,
  siteOf,
} from "@deploy/testkit";
import { afterAll, expect, test } from "@jest/globals";
import { HutTransport } from "../../src/hut/transport.ts";

const host = { name: "web1", address: "127.0.0.1", port: 22, username: "u", roles: [] };
const top = mkdtempSync(join(tmpdir(), "hut-"));
afterAll(() => {
  rmSync(top, { recursive: true });
  dropPacks();
});

let now = 1_800_000_000_000;
/** Waits for nobody: what is dead is found dead at once. */
const clock = {
  now: () => now,
  sleep: async (milliseconds: number, signal?: AbortSignal) => {
    if (signal === undefined) now += milliseconds;
    else await new Promise((resolve) => signal.addEventListener("abort", resolve));
  },
};

const theirs = { "uploads/cat.jpg": "theirs" };
const third = { ...firstSite, "index.html": "three", "three.css": "3" };

const kinds = [
  ["with hard links", {}],
  ["that replaces", { hardLinks: false }],
  ["that neither replaces nor links", { hardLinks: false, replace: false }],
] as const;

/** Each is what somebody does after a run that died. */
const after = {
  "the same again": ["2-b", secondSite],
  "another release": ["3-c", third],
  "the way back": [undefined, firstSite],
} as const;

for (const [name, can] of kinds)
  test(`a server ${name}: a run that dies at any of its calls leaves a site that the next run makes whole`, async () => {
    const [a, b, c] = [await packSite(firstSite), await packSite(secondSite), await packSite(third)];
    const stem = join(top, `stem-${kinds.findIndex(([one]) => one === name)}`);
    const open = (folder: string, fuse?: Fuse) =>
      new HutTransport(host, folderFiles(folder, { can: { ...can, atOnce: 1 }, ...(fuse && { fuse }) }), {
        documentRoot,
        clock,
      });
    putInSite({ folder: stem }, "uploads/cat.jpg", "theirs");
    await deploy(open(stem), "1-a", a);
    let calls = 0;
    for (let done = false; !done; calls++) {
      for (const [what, [id, site]] of Object.entries(after)) {
        const folder = `${stem}-run`;
        cpSync(stem, folder, { recursive: true });
        done = await deploy(open(folder, { left: calls }), "2-b", b).then(
          () => true,
          () => false,
        );
        const said = `${what}, dead at call ${calls}`;
        expect([said, brokenIn({ folder })]).toEqual([said, []]);
        // Where a rename replaces, there is no moment without a page.
        if (!("replace" in can)) expect([said, "index.html" in siteOf({ folder })]).toEqual([said, true]);
        const transport = open(folder);
        const { lock } = await look(transport);
        const takeover = lock.owner?.id ?? "nobody";
        if (id !== undefined) await deploy(transport, id, id === "3-c" ? c : b, { owner: "run-x", takeover });
        else await goBack(transport, ["2-b", "1-a"], "revert");
        expect([said, siteOf({ folder })]).toEqual([said, { ...site, ...theirs }]);
        if (id !== undefined) {
          await goBack(transport, [id, "1-a"]);
          expect([said, siteOf({ folder })]).toEqual([said, { ...firstSite, ...theirs }]);
        }
        rmSync(folder, { recursive: true });
      }
    }
    expect(calls).toBeGreaterThan(60);
  });
