import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as listen, type Server } from "node:http";
import { createServer as listenSecurely } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { outsideRemarks } from "../src/doctor/outside.ts";
import { newFolder } from "./folder.ts";

const open: Server[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => new Promise((done) => server.close(done)))));

async function serve(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return (server.address() as AddressInfo).port;
}

/** A site of these pages; everything else is missing. */
const site = (pages: Readonly<Record<string, string>>, missing = "not found") =>
  serve(
    listen((request, response) => {
      const text = pages[request.url ?? ""];
      response.writeHead(text === undefined ? 404 : 200).end(text ?? missing);
    }),
  );

const look = async (url: string | undefined) =>
  (await outsideRemarks(url, new Date())).filter(({ level }) => level !== "ok");

test("a site that keeps its secrets has nothing to tell", async () => {
  expect(await look(`http://127.0.0.1:${await site({ "/": "hello" })}`)).toEqual([]);
});

test("a document root that is too high, told by what the files hold", async () => {
  const port = await site({
    "/.env": "APP_KEY=x\n",
    "/.git/HEAD": "ref: refs/heads/main\n",
    "/composer.json": "<p>an app's own page",
  });
  expect(await look(`http://127.0.0.1:${port}`)).toEqual([
    expect.objectContaining({
      level: "stop",
      text: expect.stringContaining("everybody can read /.env, /.git/HEAD:"),
    }),
  ]);
});

test("debugging that is on", async () => {
  const port = await site({}, "You're seeing this error because you have DEBUG = True");
  expect(await look(`http://127.0.0.1:${port}`)).toEqual([
    expect.objectContaining({ level: "warn", about: "debug" }),
  ]);
});

test("a name without an address, an address where nobody answers, no name at all", async () => {
  expect(await look("https://nobody.invalid/")).toEqual([
    expect.objectContaining({ level: "warn", text: expect.stringContaining("has no address") }),
  ]);
  const port = await site({});
  await new Promise((done) => open.splice(0)[0]?.close(done));
  expect((await look(`http://127.0.0.1:${port}`))[0]).toMatchObject({
    level: "warn",
    text: expect.stringContaining("where nobody answers on port"),
  });
  expect(await look(undefined)).toEqual([expect.objectContaining({ level: "unknown" })]);
});

test("a certificate that browsers refuse is told by its reason", async () => {
  const folder = newFolder();
  const [key, cert] = ["key", "cert"].map((name) => join(folder, name)) as [string, string];
  const subject = ["-subj", "/CN=127.0.0.1", "-days", "90"];
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-keyout",
      key,
      "-out",
      cert,
      ...subject,
    ],
    { stdio: "pipe" },
  );
  const server = listenSecurely(
    { key: readFileSync(key), cert: readFileSync(cert) },
    (_, response) => void response.writeHead(404).end(),
  );
  const port = await serve(server as unknown as Server);
  expect((await look(`https://127.0.0.1:${port}`))[0]).toMatchObject({
    level: "warn",
    about: "certificate",
    text: expect.stringContaining("DEPTH_ZERO_SELF_SIGNED_CERT"),
  });
});
