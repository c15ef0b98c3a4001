import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { deploy, documentRoot, packSite } from "./deploy.ts";
import { first, second } from "./sites.ts";
import type { HutSubject } from "./subject.ts";

export interface WasRead {
  /** Different ones that were met. */
  readonly pages: number;
  /** Pages that were missing, and style sheets that a page named and that were not there. */
  readonly broken: readonly string[];
}

/** Deploys two releases in turn to a site, which a visitor reads again and again meanwhile. */
export async function readWhile(server: HutSubject): Promise<WasRead> {
  const transport = await server.connect();
  const sites = [await packSite(first), await packSite(second)] as const;
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
  await transport.close();
  return { pages: pages.size, broken };
}

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
