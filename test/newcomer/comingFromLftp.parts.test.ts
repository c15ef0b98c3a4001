import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "@deploy/cli";
import { type FtpServer, needs, openFtp, putInSite } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { recordedIo } from "../../packages/cli/test/io.ts";
import { blocksOf } from "../docs/blocks.ts";

/** The guide's block that has this in it. */
const block = (part: string): string =>
  blocksOf("yaml").find(
    ({ place, text }) => place.startsWith("docs/guides/coming-from.md") && text.includes(part),
  )?.text ?? "";

needs(
  "vsftpd",
  "ip",
  "openssl",
  "lftp",
)("from lftp's mirror to us by FTPS, as the guide has it, and back", () => {
  let server: FtpServer;
  let web: Server;
  const desk = mkdtempSync(join(tmpdir(), "deploy-lftp-"));
  const here = (path: string) => join(server.folder, "public_html", path);

  beforeAll(async () => {
    server = await openFtp({ kind: "vsftpd", tls: "explicit" });
    web = createServer((request, response) => {
      const file = here(request.url ?? "");
      response.writeHead(existsSync(file) ? 200 : 404).end(existsSync(file) ? readFileSync(file) : "");
    }).listen(0, "127.0.0.1");
    await once(web, "listening");
  });
  afterAll(async () => {
    web?.close();
    await server?.close();
    rmSync(desk, { recursive: true });
  });

  function write(files: Readonly<Record<string, string>>): void {
    rmSync(join(desk, "site"), { recursive: true, force: true });
    mkdirSync(join(desk, "site"), { recursive: true });
    for (const [path, text] of Object.entries(files)) writeFileSync(join(desk, "site", path), text);
  }

  function mirror(): void {
    const [, commands = ""] =
      /lftp -e "([^"]+)" -u "shop,\$FTP" ftp\.example\.com/.exec(block("lftp -e")) ?? [];
    const { username, password, address, port } = server;
    // The certificate is a test's.
    const trusting = `set ftp:ssl-force yes; set ssl:verify-certificate no; ${commands}`;
    execFileSync("lftp", ["-e", trusting, "-u", `${username},${password}`, "-p", `${port}`, address], {
      cwd: desk,
    });
  }

  async function deploy(...args: readonly string[]) {
    const { username, password, address, port, certificate } = server;
    const origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    const text = block("document-root: /public_html")
      .replace("ftp.example.com, username: shop", `${address}, port: ${port}, username: ${username}`)
      .replace("via: ftps,", `via: ftps, certificate: "${certificate}",`)
      .replace("http://shop.example.com", origin);
    mkdirSync(join(desk, ".github"), { recursive: true });
    writeFileSync(join(desk, ".github/deploy.yml"), text);
    const env = { PATH: process.env.PATH, HOME: desk, DEPLOY_FTP_PASSWORD: password };
    const io = recordedIo({ cwd: desk, env });
    const code = await main([...args, "--yes"], io);
    return { code, said: io.out() + io.err() };
  }

  test("the folder is taken over, what users put there stays, and the way back leads to what lftp left", async () => {
    write({ "index.html": "one\n", "same.txt": "same\n", "gone.html": "gone\n" });
    mirror();
    putInSite(server, "../../public_html/uploads/cat.jpg", "theirs");
    // Of the same length, and in the same minute, lftp would not see it.
    write({ "index.html": "two, longer\n", "same.txt": "same\n" });
    mirror();
    expect([existsSync(here("gone.html")), readFileSync(here("index.html"), "utf8")]).toEqual([
      false,
      "two, longer\n",
    ]);

    write({ "index.html": "ours\n", "same.txt": "same\n", "new.html": "new\n" });
    const one = await deploy("run", "--commit", "1".repeat(40));
    expect([one.code, one.said]).toEqual([0, expect.stringContaining("DEPLOYED")]);
    write({ "index.html": "later\n", "same.txt": "same\n" });
    expect((await deploy("run", "--commit", "2".repeat(40))).code).toBe(0);
    const read = () =>
      ["index.html", "same.txt", "uploads/cat.jpg"].map((path) => readFileSync(here(path), "utf8"));
    expect([read(), existsSync(here("new.html"))]).toEqual([["later\n", "same\n", "theirs"], false]);
    expect((await deploy("rollback")).code).toBe(0);
    expect([read(), existsSync(here("new.html"))]).toEqual([["ours\n", "same\n", "theirs"], true]);
  });
});
