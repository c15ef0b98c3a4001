import { dropPacks, hutContract, needs, shell, testKeys } from "@deploy/testkit";
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
  hutContract("OpenSSH's internal-sftp in a chroot", () => overSftp(), {
    wire: true,
    small: () => overSftp({ room: "1m" }),
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
});
