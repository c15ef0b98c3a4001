import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "@deploy/core";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { fullConfig } from "../../packages/core/test/fixtures.ts";
import { lookBeside } from "../../packages/session/src/status/beside.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "deploy-beside-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const options = {
  identity: { sessionName: "test" },
  where: { root: "/", folders: "anywhere" },
  redact: false,
} as const;
const withStore = (to: string): Config =>
  ({
    ...fullConfig(),
    backup: { database: "postgres", store: { to, checksums: "crc32" } },
  }) as unknown as Config;

test("no address, no store: nothing is looked at, and nothing is told", async () => {
  expect(await lookBeside(fullConfig(), options)).toEqual({ seen: {}, warnings: [] });
});

test("whole backups and those that cannot be used, in a real folder", async () => {
  const store = join(root, "store");
  mkdirSync(store);
  expect((await lookBeside(withStore(store), options)).seen).toEqual({ backups: { whole: [], damaged: 0 } });
  writeFileSync(join(store, "20261121T084450Z-shop-7f3a.json"), "{}");
  expect((await lookBeside(withStore(store), options)).seen).toEqual({ backups: { whole: [], damaged: 1 } });
});

test("a store that cannot be read is a warning, and the page does without", async () => {
  // As on a machine that is thrown away.
  const nowhere = { ...options, where: { root: "/", folders: "nowhere" } } as const;
  const { seen, warnings } = await lookBeside(withStore(root), nowhere);
  expect([seen, warnings]).toEqual([
    {},
    [expect.stringMatching(/^The backups could not be listed, the page does without: /)],
  ]);
});

test("the certificate of the site, also where browsers refuse it", async () => {
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(root, name)) as [string, string];
  const subject = ["-subj", "/CN=shop.example", "-days", "9"];
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, ...subject],
    {
      stdio: "ignore",
    },
  );
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const { seen } = await lookBeside(fullConfig({ url: `https://127.0.0.1:${port}/` }), options);
  await new Promise((done) => server.close(done));
  const days = ((seen.certificate?.ends.getTime() ?? 0) - Date.now()) / 86_400_000;
  expect([Math.round(days), seen.certificate?.refused]).toEqual([9, "DEPTH_ZERO_SELF_SIGNED_CERT"]);
  const gone = await lookBeside(fullConfig({ url: `https://127.0.0.1:${port}/` }), options);
  expect(gone).toEqual({ seen: {}, warnings: [] });
});
