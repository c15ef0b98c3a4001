import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  deploy,
  documentRoot,
  dropPacks,
  firstSite,
  hutContract,
  needs,
  packSite,
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
    const transport = await server.connect();
    const sites = [await packSite(firstSite), await packSite(secondSite)] as const;
    await deploy(transport, "1-a", sites[0]);
    const web = createServer(async (request, response) => {
      const body = await readFile(`${server.folder}${documentRoot}${request.url}`).catch(() => undefined);
      response.writeHead(body === undefined ? 404 : 200).end(body);
    }).listen(0, "127.0.0.1");
    await once(web, "listening");
    const origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    let over = false;
    const read = readAll(origin, () => over);
    for (const at of [1, 2, 3, 4, 5, 6]) await deploy(transport, `2-${at}`, sites[at % 2 === 0 ? 0 : 1]);
    over = true;
    const { pages, broken } = await read;
    web.close();
    expect([broken, pages.size]).toEqual([[], 2]);
    await transport.close();
  });
});

/** Reads the page and what it names, again and again. A page that was replaced meanwhile is read anew. */
async function readAll(origin: string, isOver: () => boolean) {
  const [pages, broken] = [new Set<string>(), [] as string[]];
  const page = async () => {
    const answer = await fetch(`${origin}/index.html`);
    if (answer.status !== 200) broken.push(`the page: ${answer.status}`);
    return answer.text();
  };
  while (!isOver()) {
    const text = await page();
    pages.add(text);
    const [, named = ""] = /href="([^"]+)"/.exec(text) ?? [];
    const { status } = await fetch(origin + named);
    if (status !== 200 && (await page()) === text) broken.push(`${named}: ${status}`);
  }
  return { pages, broken };
}
