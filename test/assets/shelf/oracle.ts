import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AssetIndex } from "@deploy/assets";
import { openPage, type Page } from "../page.ts";
import type { Book } from "./books.ts";
import { reader, type Sheet } from "./reader.ts";
import { blank, type Served, serve } from "./serve.ts";
import { buildTwice, type Twice } from "./site.ts";
import { writtenIn } from "./written.ts";

/** What was compared, and what is not as it was. */
export interface Compared {
  pages: number;
  addresses: number;
  declarations: number;
  readonly differences: string[];
  readonly warnings: readonly string[];
}

/** One of the two, in a Chromium of its own: what another origin imports cannot be read. */
interface Side extends Served {
  readonly page: Page;
}

/** Serves a book as it is and as it is built, and holds what Chromium makes of one against the other. */
export async function compare(book: Book): Promise<Compared> {
  const site = await buildTwice(book);
  const open: Side[] = [];
  try {
    for (const folder of [site.before, site.after]) open.push(await openSide(folder));
    const [before, after] = open as [Side, Side];
    const compared = { pages: 0, addresses: 0, declarations: 0, differences: [], warnings: site.warnings };
    await compareSheets(site, before, after, compared);
    for (const [path, rest] of Object.entries(book.pages ?? {})) {
      await comparePage(`/assets/${path}`, rest, { site, before, after }, compared);
    }
    return compared;
  } finally {
    for (const side of open) await side.close();
    site.close();
  }
}

async function openSide(folder: string): Promise<Side> {
  const served = await serve(folder);
  const page = await openPage(`${served.origin}${blank}`, "true");
  await page.evaluate(`${reader}; 0`);
  const close = async () => {
    await page.close();
    await served.close();
  };
  return { ...served, page, close };
}

async function compareSheets(site: Twice, before: Side, after: Side, compared: Compared): Promise<void> {
  const plain = plainNames(site.index);
  for (const { logical, path } of site.index.files.filter(({ kind }) => kind === "css")) {
    const read = ({ page, origin }: Side, name: string) =>
      page.evaluate(`readSheet("${origin}/assets/${encodeURI(name)}")`) as Promise<Sheet>;
    const [was, is] = await Promise.all([read(before, logical), read(after, path)]);
    compared.addresses += Object.keys(was.addresses).length;
    compared.declarations += was.lines.length;
    const lost = Object.entries(is.addresses).filter(
      ([to, there]) => !there && was.addresses[plain(to)] === true,
    );
    compared.differences.push(...lost.map(([to]) => `${logical}: ${to} does not resolve any more`));
    compared.differences.push(...unlike(logical, was.lines, is.lines.map(plain)));
    const [wrote, writes] = [join(site.before, "assets", logical), join(site.after, "assets", path)].map(
      (file) => writtenIn(plain(readFileSync(file, "utf8"))),
    );
    compared.differences.push(...unlike(`${logical} as written`, wrote ?? [], writes ?? []));
  }
}

/** Fingerprints in a text become the names that people wrote. */
function plainNames({ files }: AssetIndex): (text: string) => string {
  const names = new Map(
    files.map(({ path, logical }) => [path.split("/").at(-1) ?? "", logical.split("/").at(-1) ?? ""]),
  );
  return (text) => text.replace(/[\w.@-]+-[0-9a-f]{12}\.\w+/g, (name) => names.get(name) ?? name);
}

function unlike(what: string, was: readonly string[], is: readonly string[]): readonly string[] {
  const at = was.findIndex((line, index) => line !== is[index]);
  if (at < 0 && was.length === is.length) return [];
  const first = at < 0 ? was.length : at;
  return [
    `${what}: ${short(was[first])} became ${short(is[first])} (line ${first} of ${was.length}, ${is.length} now)`,
  ];
}

function short(line = "nothing"): string {
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}

/** What a page asked for and got before, it asks for and gets now. */
async function comparePage(
  path: string,
  rest: "load" | "ready",
  { site, before, after }: { site: Twice; before: Side; after: Side },
  compared: Compared,
): Promise<void> {
  const plain = plainNames(site.index);
  const [was, is] = await Promise.all([asked(before, path, rest), asked(after, path, rest)]);
  const now = new Set([...is].map(plain));
  compared.pages += 1;
  compared.addresses += was.size - 1;
  const lost = ["ready", ...was].filter((each) => !now.has(each));
  compared.differences.push(...lost.map((each) => `${path}: ${each} does not come any more`));
}

/** What a page asks for until it is at rest; `not ready` where that never is. */
async function asked(
  { page, found, origin }: Side,
  path: string,
  rest: "load" | "ready",
): Promise<ReadonlySet<string>> {
  found.clear();
  const ready = await page.evaluate(`new Promise((done) => {
    const frame = Object.assign(document.createElement("iframe"), { src: "${origin}${path}" });
    const over = (ready) => { frame.remove(); done(ready); };
    if ("${rest}" === "load") frame.onload = () => over(true);
    else onmessage = ({ data }) => data === "ready" && over(true);
    document.body.append(frame);
    setTimeout(over, 60000, false);
  })`);
  return new Set([...found, ready === true ? "ready" : "not ready"]);
}
