import { Secret } from "@deploy/core";
import {
  deploy,
  dropPacks,
  type FtpOptions,
  firstSite,
  goBack,
  needs,
  packSite,
  putInSite,
  secondSite,
  siteOf,
} from "@deploy/testkit";
import { afterAll, afterEach, expect, test } from "@jest/globals";
import { FtpFiles } from "../../../src/files/ftp/files.ts";
import { logIn } from "../../../src/files/ftp/login.ts";
import { Pool } from "../../../src/files/ftp/pool.ts";
import { type OverFtp, overFtp } from "./overFtp.ts";

const opened: OverFtp[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.dispose();
});
afterAll(dropPacks);

async function opening(options: FtpOptions): Promise<OverFtp> {
  const one = await overFtp(options);
  opened.push(one);
  return one;
}

needs(
  "vsftpd",
  "proftpd",
  "ip",
  "openssl",
)("FTP servers that can less", () => {
  test.each<FtpOptions>([
    { kind: "vsftpd", bare: true },
    { kind: "vsftpd", tls: "explicit", bare: true },
    { kind: "proftpd", overwrite: false },
  ])("%j: there, back, and over what was there before", async (options) => {
    const server = await opening(options);
    putInSite(server, "index.html", "before");
    const transport = await server.connect();
    await deploy(transport, "1-a", await packSite(firstSite));
    await deploy(transport, "2-b", await packSite(secondSite));
    expect(siteOf(server)).toEqual(secondSite);
    await goBack(transport, ["2-b", "1-a"]);
    expect(siteOf(server)).toEqual(firstSite);
    await goBack(transport, ["1-a", null], "revert");
    expect(siteOf(server)).toEqual({ "index.html": "before" });
    await transport.close();
  });

  test("a file whose connection ends early, as if it were over, is not taken for whole", async () => {
    const { server, ...subject } = await opening({ kind: "vsftpd" });
    putInSite(subject, "large.bin", "x".repeat(8_000_000));
    const { username, password, port, proxy } = server;
    const host = { name: "hoster", address: proxy.address, port, username, roles: [], via: "ftp" } as const;
    const open = () => logIn(host, { ftpPassword: new Secret(password) });
    const files = new FtpFiles(host, new Pool(host, 1, open, () => 0));
    proxy.endEarly(1_000_000);
    await expect(files.read("/site/htdocs/large.bin", 1e8)).rejects.toMatchObject({
      problem: { code: "write-failed" },
    });
    await files.close();
  });
});
