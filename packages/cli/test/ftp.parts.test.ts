import { type FtpServer, needs, openFtp } from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type HutShop, hutShopTests, openHutShop } from "./hutShop.ts";

needs(
  "vsftpd",
  "ip",
  "openssl",
  "python3",
)("a site whose server speaks FTP and nothing else", () => {
  let server: FtpServer;
  let shop: HutShop;

  beforeEach(async () => {
    server = await openFtp({ kind: "vsftpd", tls: "explicit" });
    const { folder, address, port, username, certificate, password } = server;
    const host = { address, port, username, via: "ftps", certificate };
    shop = await openHutShop({ folder, host, files: {}, flags: [], env: { DEPLOY_FTP_PASSWORD: password } });
  });
  afterEach(async () => {
    await shop.close();
    await server.close();
  });

  hutShopTests(() => shop);

  test("without a password nothing is begun", async () => {
    shop.write("index.html", "one");
    shop.hoster.env = {};
    const ran = await shop.deploy("plan", "--commit", "1".repeat(40));
    expect(ran.exitCode).not.toBe(0);
    expect(ran.out + ran.err).toMatch(/hoster is reached by ftps, and there is no password/);
  });
});
