import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as listen, type Server } from "node:http";
import { createServer as listenSecurely } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outsideRemarks } from "@deploy/core/doctor";
import { afterEach, expect, test } from "@jest/globals";
import { lookOutside } from "../src/outside.ts";

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

const look = async (url: string) => {
  const { seen, hosts } = await lookOutside({ url, hosts: [] }, { direct: true });
  return outsideRemarks(seen, hosts, { now: new Date() }).filter(({ level }) => level !== "ok");
};

test("a real site, its pages, its style sheet and its secrets", async () => {
  const good = await site({ "/": '<link href="/app.css">', "/app.css": "a{}" });
  // It says no type, as a server that does not know the ending.
  expect(await look(`http://127.0.0.1:${good}`)).toEqual([
    expect.objectContaining({ level: "warn", text: "the first page names /app.css, which answers 200" }),
  ]);
  const bad = await site(
    { "/.env": "APP_KEY=x\n" },
    "You're seeing this error because you have DEBUG = True",
  );
  expect((await look(`http://127.0.0.1:${bad}`)).map(({ level, about }) => [level, about])).toEqual([
    ["stop", "pages"],
    ["warn", "debug"],
  ]);
});

test("a name without an address, and an address where nobody answers", async () => {
  expect(await look("https://nobody.invalid/")).toEqual([
    expect.objectContaining({ level: "warn", text: expect.stringContaining("has no address") }),
    expect.objectContaining({ level: "unknown", about: "pages" }),
  ]);
  const port = await site({});
  await new Promise((done) => open.splice(0)[0]?.close(done));
  expect((await look(`http://127.0.0.1:${port}`))[0]).toMatchObject({
    level: "warn",
    text: expect.stringContaining("where nobody answers on port"),
  });
});

test("an app's own port is tried at each host", async () => {
  const port = await site({});
  const host = { name: "web1", address: "127.0.0.1", port: 22, username: "deploy", roles: [] };
  const { hosts } = await lookOutside({ hosts: [host] }, { port, direct: true });
  expect(hosts).toEqual([{ host: "web1", addresses: ["127.0.0.1"], open: true }]);
});

test("a certificate that browsers refuse is told by its reason", async () => {
  const folder = mkdtempSync(join(tmpdir(), "outside-"));
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
  rmSync(folder, { recursive: true });
  const port = await serve(server as unknown as Server);
  expect((await look(`https://127.0.0.1:${port}`))[0]).toMatchObject({
    level: "warn",
    about: "certificate",
    text: expect.stringContaining("DEPTH_ZERO_SELF_SIGNED_CERT"),
  });
});
