import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Backup } from "@deploy/core";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { backupMaker } from "../src/index.ts";

const id = "20261121T084450Z-shop-7f3a";
const manifest = {
  ...{ schema: 1, id, app: "shop", environment: "production", created: "2026-11-21T08:44:50.000Z", run: "" },
  database: { kind: "postgres", name: "shop", server: "15", tool: "15", identity: "7", tables: 3 },
  ...{ compression: "gzip", recipients: [], plain: { size: 10, sha256: "b".repeat(64) } },
  stored: { key: `${id}.dump.gz`, size: 3, sha256: "c".repeat(64) },
  ...{ proofs: ["parsed", "read-back"], took: { dump: 1, verify: 1 } },
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "deploy-maker-"));
  writeFileSync(join(root, `${id}.json`), JSON.stringify(manifest));
  writeFileSync(join(root, `${id}.dump.gz`), "abc");
});
afterEach(() => rmSync(root, { recursive: true }));

const make = backupMaker({
  identity: { sessionName: "deploy" },
  url: () => undefined,
  by: "octocat",
  root: "/",
});
const asked = () => ({
  backup: { database: "postgres", store: { to: root } } as unknown as Backup,
  transport: undefined as never,
  ...{ base: "/srv/shop", app: "shop", environment: "production", release: "r2", live: "r1", runUrl: "" },
  ...{ named: [id], earlier: id, signal: new AbortController().signal, onNote: () => {} },
});

test("a migration that is tried again keeps the backup from before it began, and makes none", async () => {
  expect(await make(asked())).toEqual({
    id,
    detail: `${id}, from before its migration began, stands: no new one`,
    restore: expect.stringContaining(`deploy restore ${id} `),
  });
});

test.each(["gone", "signed by nobody where the config says by whom"])(
  "one that is %s is made anew: this asks the host, which is none here",
  async (how) => {
    const { backup, ...others } = asked();
    if (how === "gone") rmSync(join(root, `${id}.dump.gz`));
    else Object.assign(backup, { signedBy: ["MCow"] });
    await expect(make({ ...others, backup })).rejects.toThrow();
  },
);
