import { createHash } from "node:crypto";
import type { StatusView } from "@deploy/core";
import { redactHosts, renderStatusPage } from "@deploy/core/page";
import { describe, expect, test } from "@jest/globals";
import { old } from "../fixtures.ts";
import { hostile, hostileScene, pageScenes } from "./scenes.ts";

const repository = "https://github.com/org/shop";
const scene = (name: string): StatusView => {
  const found = pageScenes[name];
  if (found === undefined) throw new Error(`no scene ${name}`);
  return found;
};
const page = (name: string) => renderStatusPage(scene(name), repository);
const heading = (html: string) => /<h1 class="(\w+)">(.*?)<\/h1>/.exec(html)?.slice(1);
const text = (html: string) => html.replace(/<(style|script)>[\s\S]*?<\/\1>/g, "").replace(/<[^>]+>/g, "|");

describe("the first sentence is the answer", () => {
  test.each([
    ["well", "well", `✓ 3 of 3 hosts serve ${old}`],
    ["mixed", "look", `! 1 of 3 hosts serves ${old}`],
    ["locked", "look", `! 1 of 3 hosts serves ${old}`],
    ["never", "well", "✓ Nothing was deployed yet to 3 hosts"],
    ["many", "well", `✓ 40 of 40 hosts serve ${old}`],
  ])("%s", (name, state, words) => {
    expect(heading(page(name))).toEqual([state, words]);
    expect(page(name)).toContain(`<title>${words.slice(0, 1)} shop on production: ${words.slice(2)}</title>`);
  });

  test("where nobody could be read, nothing is said to be well", () => {
    const { facts, ...view } = scene("mixed");
    const lost = facts.filter(({ reached }) => !reached);
    expect(heading(renderStatusPage({ ...view, facts: lost }))).toEqual([
      "unknown",
      "? No host could be read",
    ]);
  });
});

test("what a person should look at stands below it, a sentence each", () => {
  expect(page("locked")).toContain("<li>Frozen: stock-taking | until Monday</li>");
  expect(page("mixed")).toContain("<li>web3 could not be read: what is served there is not known</li>");
  expect(page("mixed")).toContain(`<li>web2 serves 20261119T101010Z-9999999, the fleet is on ${old}</li>`);
});

test("a certificate that ends, and backups, stand beside the servers", () => {
  const aging = page("aging");
  expect(heading(aging)?.[0]).toBe("look");
  expect(text(aging)).toContain(
    "Certificate: that of shop.example.com ends in 9 days: its renewal is broken there",
  );
  expect(aging).toContain("<li>1 backup in the store cannot be used</li>");
  const [, backups = ""] = text(aging).split("|Backups|");
  expect([...backups.matchAll(/\dZ-shop-7f3\d/g)]).toHaveLength(5);
  expect(backups).toContain("48 MB");
  expect(backups.replace(/\|+/g, "|")).toContain("|nothing|");
  const none = { ...scene("aging"), backups: { whole: [], damaged: 0 } };
  expect(renderStatusPage(none)).toContain("<li>The store holds no whole backup</li>");
});

test("changes of all hosts are one line a run, newest first, with a link to it", () => {
  const [, changes = ""] = page("well").split("<h2>Changes</h2>");
  const rows = [...changes.matchAll(/<tr><th scope="row">(.*?)<\/tr>/gs)].map(([, row = ""]) =>
    text(row).split(/\|+/),
  );
  expect(rows.slice(0, 4).map((cells) => [cells[2], cells[3], cells[4]])).toEqual([
    ["✗ reverted", old, "3 hosts"],
    ["✓ deployed", "20261121T084450Z-4f2a91c", "3 hosts"],
    ["✓ deployed", old, "3 hosts"],
    ["✓ deployed", "20261119T101010Z-9999999", "3 hosts"],
  ]);
  expect(changes).toContain(`<a href="${repository}/actions/runs/4709">4709</a>`);
});

test("one can go back to what lies whole everywhere and was live", () => {
  const [, way = ""] = page("well").split("<h2>The way back</h2>");
  expect(way).toContain("20261119T101010Z-9999999");
  expect(way).not.toContain(old);
});

describe("as a file for browsers", () => {
  test.each(Object.keys(pageScenes))(
    "%s asks for nothing, and its policy lets only its own text run",
    (name) => {
      const html = page(name);
      const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];
      const [, script = ""] = /<script>([\s\S]*?)<\/script>/.exec(html) ?? [];
      const hash = (part: string) => `&#39;sha256-${createHash("sha256").update(part).digest("base64")}&#39;`;
      expect(html).toContain(
        `default-src &#39;none&#39;; style-src ${hash(style)}; script-src ${hash(script)};`,
      );
      expect(html.match(/<script/g)).toHaveLength(1);
      expect(html).not.toMatch(/ (src|style|on\w+)=|<link|@import|url\(/);
    },
  );

  test("what hosts and people say is text", () => {
    const html = renderStatusPage(hostileScene, repository);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toMatch(/<img|\u202e/);
    expect(html).toContain(
      "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&#39; \ufffdtxt",
    );
    expect(text(html)).not.toContain(hostile);
  });

  test("40 hosts and 300 changes are at most 100 kB", () => {
    expect(Buffer.byteLength(page("many"))).toBeLessThanOrEqual(100_000);
  });
});

test("names of hosts are numbers where anybody may read it", () => {
  const redacted = renderStatusPage(redactHosts(scene("mixed")), repository);
  expect(redacted).not.toMatch(/web\d/);
  expect(redacted).toContain("host 3 could not be read");
  expect(renderStatusPage(redactHosts(scene("many")))).not.toMatch(/web\d|example\.com(?!")/);
});
