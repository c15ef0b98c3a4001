import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  databaseUrl,
  downloadFiles,
  keptFolder,
  Log,
  processRunner,
  storeIdentity,
  uploadFiles,
} from "@deploy/action-kit";
import { Secret } from "@deploy/core";
import { logReader, masker } from "@deploy/testkit";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { findLeaks } from "../runner/leaks.ts";
import { artifactService } from "./artifacts.ts";

const before = { ...process.env };
const closing: (() => Promise<unknown> | unknown)[] = [];
let raw = "";
let folder: string;
let log: Log;

beforeEach(() => {
  raw = "";
  folder = mkdtempSync(join(tmpdir(), "masks-"));
  const spy = jest.spyOn(process.stdout, "write").mockImplementation((text) => {
    raw += text;
    return true;
  });
  closing.push(() => spy.mockRestore());
  log = new Log(processRunner());
  log.text("a host says something before any secret is known");
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  process.env = { ...before };
  rmSync(folder, { recursive: true, force: true });
});

/** Which of them a person can read, were all printed now. */
function readable(secrets: Readonly<Record<string, string>>): readonly string[] {
  for (const secret of Object.values(secrets)) log.text(`and then: ${secret}`);
  log.close();
  const reader = logReader(masker());
  for (const line of raw.split("\n")) reader.line(line);
  return findLeaks(secrets, { log: reader.log() });
}

/** Answers everything with one value as JSON, which may name the server itself. */
async function answering(value: (url: string) => unknown): Promise<string> {
  let url = "";
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value(url)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
  return url;
}

test("a password and the keys of a role", () => {
  const identity = storeIdentity(undefined, { github: { repository: "o/r", runId: "1" } as never, log });
  identity.onKeys({ secretAccessKey: "k3y of a role", sessionToken: "t0ken of a role" });
  const url = new Secret("postgres://shop:p%40ssw0rd@db/shop");
  databaseUrl(url, { urlSecret: "DATABASE_URL" } as never, { childEnvironment: {}, log });
  const secrets = { key: "k3y of a role", token: "t0ken of a role", password: "p@ssw0rd", url: url.reveal() };
  expect(readable(secrets)).toEqual([]);
});

test("the workflow's OIDC token", async () => {
  const value = "eyJ0eXAi.t0ken.sign";
  process.env.ACTIONS_ID_TOKEN_REQUEST_URL = `${await answering(() => ({ value }))}?a=b`;
  process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN = "asking";
  const identity = storeIdentity(undefined, { github: { repository: "o/r", runId: "1" } as never, log });
  expect(await identity.token()).toBe(value);
  expect(readable({ value })).toEqual([]);
});

test("the addresses an artifact travels by, and what its client says", async () => {
  const service = await artifactService();
  closing.push(() => service.close());
  Object.assign(process.env, service.env, { GITHUB_WORKSPACE: folder, RUNNER_DEBUG: "1" });
  writeFileSync(join(folder, "a"), "a");
  await uploadFiles("release", folder, 30, log);
  log.text("something in between");
  await downloadFiles("release", join(folder, "back"), log);
  expect(raw).toContain("::add-mask::");
  expect(readable({ signature: service.signature })).toEqual([]);
});

test("the addresses a cache is read from", async () => {
  const signature = "s1gn4ture";
  const url = await answering((own) => ({ ok: true, signed_download_url: `${own}?sig=${signature}` }));
  Object.assign(process.env, { ACTIONS_CACHE_SERVICE_V2: "true", ACTIONS_RESULTS_URL: url });
  Object.assign(process.env, { ACTIONS_RUNTIME_TOKEN: "asking", RUNNER_TEMP: folder });
  await keptFolder("assets", folder, log).restore();
  expect(raw).toContain("::add-mask::");
  expect(readable({ signature })).toEqual([]);
});
