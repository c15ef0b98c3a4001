import {
  type EnvironmentStatus,
  environmentStatus,
  readDocument,
  redactHosts,
  renderBadge,
  renderFeed,
  renderIndexPage,
  renderStatusPage,
  type StatusDocument,
  withEnvironment,
} from "@deploy/core/page";
import { describe, expect, test } from "@jest/globals";
import { hostile, hostileScene, manyResults, pageScenes } from "./scenes.ts";
import { wellFormed } from "./xml.ts";

const scene = (name: string) => {
  const found = pageScenes[name];
  if (found === undefined) throw new Error(`no scene ${name}`);
  return found;
};
const documentOf = (...all: EnvironmentStatus[]): StatusDocument => {
  const made = all.reduce<StatusDocument | undefined>(withEnvironment, undefined);
  if (made === undefined) throw new Error("no environment");
  return made;
};
const well = environmentStatus(scene("well"), manyResults);
const mixed = { ...environmentStatus(scene("mixed")), environment: "staging", page: "shop/staging.html" };
/** Everything that could come from a store that others write to. */
const bad: EnvironmentStatus = {
  ...environmentStatus(hostileScene),
  ...{ app: hostile, environment: hostile, page: `javascript:${hostile}`, words: hostile },
  last: [{ time: well.read, what: hostile, release: hostile, by: `${hostile}\u0000\ud800`, run: hostile }],
};

test("the document is read again as it was written, and nothing else is one", () => {
  const document = documentOf(well, mixed);
  expect(readDocument(JSON.stringify(document))).toEqual(document);
  for (const text of ["", "7", "{}", JSON.stringify({ ...document, schema: 2 })])
    expect(readDocument(text)).toBe(undefined);
  expect(document.environments.map(({ environment }) => environment)).toEqual(["production", "staging"]);
});

test("an environment is in it once, as it was read last; the same again changes nothing", () => {
  const document = documentOf(well);
  expect(withEnvironment(document, { ...well, words: "earlier", read: "2020-01-01T00:00:00.000Z" })).toBe(
    document,
  );
  const later = withEnvironment(document, { ...well, words: "later", read: "2030-01-01T00:00:00.000Z" });
  expect([later.environments.map(({ words }) => words), later.revision]).toEqual([["later"], 2]);
});

test("the index is as good as its worst, and as old as its oldest", () => {
  const page = renderIndexPage(documentOf(well, { ...mixed, read: "2026-11-01T00:00:00.000Z" }));
  expect(page).toContain('<h1 class="look">! 1 of 2 environments is well</h1>');
  expect(page).toContain('data-read="2026-11-01T00:00:00.000Z"');
});

describe("hostile words stay words", () => {
  test("in the index, and no link leads away", () => {
    const page = renderIndexPage(documentOf(bad));
    expect(page).not.toMatch(/<script>alert|<img|\u202e/);
    expect(page).not.toContain('href="javascript:');
  });

  test("in feed and badge, which are XML all the same", () => {
    for (const text of [renderFeed(documentOf(bad, well)), renderBadge(bad), renderBadge(well)])
      expect(wellFormed(text)).toBe("well-formed");
    const elements = [...renderBadge(bad).matchAll(/<(\w+)/g)].map(([, name]) => name);
    expect(new Set(elements)).toEqual(new Set(["svg", "title", "rect", "g", "text"]));
  });
});

test("a feed has each result once, newest first, with what Atom asks for", () => {
  const feed = renderFeed(documentOf(well));
  const ids = [...feed.matchAll(/<entry><id>([^<]*)/g)].map(([, id]) => id);
  const times = [...feed.matchAll(/<updated>([^<]*)<\/updated>\n<link/g)].map(([, time]) => time);
  expect([ids.length, new Set(ids).size, [...times].sort().reverse()]).toEqual([10, 10, times]);
});

test("a badge says what is served, and as of when", () => {
  expect(renderBadge(well)).toContain("shop production: ✓ 0a1b2c3 as of 2026-11-21 08:44 UTC");
  expect(renderBadge(mixed)).toContain("shop staging: ! mixed as of ");
});

test("with numbers for hosts no file names one", () => {
  const view = scene("many");
  const shown = redactHosts(view);
  const status = environmentStatus(shown, manyResults);
  const files = [
    renderStatusPage(shown, undefined, manyResults),
    JSON.stringify(status),
    renderBadge(status),
  ];
  for (const text of [...files, renderFeed(documentOf(status)), renderIndexPage(documentOf(status))])
    expect(/web\d+\.shop/.exec(text)?.[0]).toBe(undefined);
});

test("40 hosts and 300 results are at most 100 kB, and each result a row", () => {
  const page = renderStatusPage(scene("many"), "https://github.com/org/shop", manyResults);
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(100_000);
  const [, results = ""] = page.split("<h2>Results</h2>");
  const [table = ""] = results.split("</table>");
  expect(table.match(/<tr><th scope="row">/g)).toHaveLength(300);
  expect(page).toContain("no record tells of it");
});
