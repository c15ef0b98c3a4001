import {
  deploy,
  dropPacks,
  firstSite,
  hutContract,
  needs,
  packSite,
  readWhile,
  secondSite,
  shell,
  siteOf,
  testKeys,
} from "@deploy/testkit";
import { afterAll, afterEach, expect, test } from "@jest/globals";
import { type OverSftp, overSftp } from "./overSftp.ts";

const parts = needs("sshd", "ip");
const opened: OverSftp[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.dispose();
});
afterAll(dropPacks);

async function opening(options: Parameters<typeof overSftp>[0] = {}): Promise<OverSftp> {
  const one = await overSftp(options);
  opened.push(one);
  return one;
}

parts("SFTP", () => {
  hutContract("OpenSSH's internal-sftp in a chroot", () => overSftp(), { wire: true });

  test("a full disk is told as one, and the site is as it was", async () => {
    const server = await opening({ room: "1m" });
    const transport = await server.connect();
    await deploy(transport, "1-a", await packSite(firstSite));
    const large = { ...secondSite, "large.bin": "x".repeat(3_000_000) };
    await expect(deploy(transport, "2-b", await packSite(large))).rejects.toMatchObject({
      problem: { code: "disk-full" },
    });
    expect(siteOf(server)).toEqual(firstSite);
    await transport.close();
  });

  test("a server with another key is refused before anything is sent", async () => {
    const server = await opening();
    const other = (await server.connect()).host;
    const line = `[${other.address}]:${other.port} ${testKeys().public}\n`;
    await expect(server.connectKnowing(line)).rejects.toMatchObject({
      problem: { code: "host-key-mismatch" },
    });
  });

  test("what needs a shell is refused by name", async () => {
    const server = await opening();
    const transport = await server.connect();
    const result = await transport.exec(shell("true"));
    expect(result).toMatchObject({ status: "exited", code: 70 });
    expect(result.stdout).toContain("error hut-cannot ");
    await transport.close();
  });

  test("whoever reads it meanwhile meets no page without its style sheet", async () => {
    const server = await opening();
    const { pages, broken } = await readWhile(server);
    expect([broken, pages]).toEqual([[], 2]);
  });
});
