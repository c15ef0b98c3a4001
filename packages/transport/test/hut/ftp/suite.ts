import { getCACertificates, setDefaultCACertificates } from "node:tls";
import {
  deploy,
  dropPacks,
  type FtpOptions,
  firstSite,
  hutContract,
  needs,
  packSite,
  secondSite,
  siteOf,
} from "@deploy/testkit";
import { afterAll, afterEach, expect, test } from "@jest/globals";
import { type OverFtp, overFtp } from "./overFtp.ts";

/** What every FTP server is asked for. */
export function ftpSuite(options: FtpOptions): void {
  const { kind, tls = "plain" } = options;
  needs(
    kind,
    "ip",
    "openssl",
  )(`${kind}, ${tls}`, () => {
    const opened: OverFtp[] = [];
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.dispose();
    });
    afterAll(dropPacks);
    const opening = async (more: Partial<FtpOptions> = {}): Promise<OverFtp> => {
      const one = await overFtp({ ...options, ...more });
      opened.push(one);
      return one;
    };

    hutContract(`${kind}, ${tls}`, () => overFtp(options), {
      wire: true,
      small: () => overFtp({ ...options, room: "1m" }),
    });

    test("a wrong password is refused, and says so", async () => {
      const server = await opening();
      await expect(server.connectAs({}, "wrong")).rejects.toMatchObject({
        problem: { code: "auth-refused", place: { host: "hoster" } },
      });
      await expect(server.connectAs({}, "")).rejects.toMatchObject({ problem: { code: "password-missing" } });
    });

    // With implicit TLS a full server says so in the clear, which nobody can tell from a wrong port: no second asking.
    test.each(tls === "implicit" ? [2] : [1, 2])(
      "with %d connections and no more it is slower, and well",
      async (most) => {
        const server = await opening({ most });
        const transport = await server.connect();
        await deploy(transport, "1-a", await packSite(firstSite));
        await deploy(transport, "2-b", await packSite(secondSite));
        expect(siteOf(server)).toEqual(secondSite);
        if (most === 1)
          await expect(server.connectAs({})).rejects.toMatchObject({
            problem: { code: "connections-refused" },
          });
        await transport.close();
      },
    );

    if (tls === "plain") return;
    test("a certificate that the system trusts needs no pin, for its address and no other", async () => {
      const server = await opening();
      const before = getCACertificates("default");
      setDefaultCACertificates([...before, server.server.pem]);
      try {
        const transport = await server.connectAs({ certificate: undefined as never });
        await deploy(transport, "1-a", await packSite(firstSite));
        expect(siteOf(server)).toEqual(firstSite);
        await transport.close();
        const elsewhere = { certificate: undefined as never, address: server.server.proxy.address };
        await expect(server.connectAs(elsewhere)).rejects.toMatchObject({
          problem: { code: "certificate-refused", message: expect.stringContaining("for another name") },
        });
      } finally {
        setDefaultCACertificates(before);
      }
    });

    if (tls === "explicit")
      test("who comes in the clear is sent to TLS, and no password is", async () => {
        const server = await opening();
        await expect(server.connectAs({ via: "ftp", certificate: undefined as never })).rejects.toMatchObject(
          {
            problem: { code: "handshake-failed", hint: expect.stringContaining("via: ftps") },
          },
        );
      });

    test("a certificate that nobody vouches for is refused before the password is sent, and is named", async () => {
      const server = await opening();
      const { certificate } = server.server;
      const shown = certificate.toUpperCase().match(/../g)?.join(":") ?? "";
      await expect(server.connectAs({ certificate: undefined as never }, "wrong")).rejects.toMatchObject({
        problem: {
          code: "certificate-refused",
          message: expect.stringContaining("nobody but itself"),
          hint: expect.stringContaining(shown),
        },
      });
      await expect(server.connectAs({ certificate: "0".repeat(64) }, "wrong")).rejects.toMatchObject({
        problem: { code: "certificate-refused", message: expect.stringContaining(shown) },
      });
    });
  });
}
