import { expect, test } from "@jest/globals";
import { outsideRemarks, pagesAsked } from "../../src/doctor/index.ts";
import type { Seen, SeenPage } from "../../src/index.ts";

const now = new Date("2026-11-30T12:00:00Z");
const later = (days: number) => ({ ends: new Date(now.getTime() + days * 86_400_000) });
const page = (text: string, status = 200, headers: SeenPage["headers"] = {}): SeenPage => ({
  status,
  headers,
  text,
});
const pages = Object.fromEntries(
  pagesAsked.map((path) => [path, path === "/" ? page("hello") : page("no", 404)]),
);
const seen: Seen = {
  ...{ url: "https://shop.example.com/", pages },
  addresses: [{ address: "192.0.2.1", answers: true, certificate: later(60) }],
  hosts: [{ host: "web1", addresses: ["192.0.2.1"], open: false }],
  plain: page("", 301, { location: "https://shop.example.com/" }),
};
const look = (change: Partial<Seen>) => {
  const all = { ...seen, ...change };
  return outsideRemarks(all, all.hosts, { now, port: 8080 });
};
const missing = pagesAsked.find((path) => path.endsWith("not-there")) as string;

test("a site as it should be", () => {
  expect(look({}).map(({ level, about, text }) => `${level} ${about}: ${text}`)).toEqual([
    "ok address: shop.example.com answers at 192.0.2.1 (web1)",
    "ok certificate: that of 192.0.2.1 is good for 60 days",
    "ok pages: no secret file is served",
    "ok debug: a page that is missing tells nothing",
    "ok static files: one that is not there is not there; the first page names none",
    "ok http: leads to https",
    "ok firewall: 8080 does not answer from here",
  ]);
});

test.each<readonly [string, string, Partial<Seen>]>([
  ["no address", "warn address: shop.example.com has no address: visitors do not find it", { addresses: [] }],
  [
    "an address that leads nowhere",
    "warn address: shop.example.com leads to 2001:db8::1, where nobody answers on port 443: some visitors see an error",
    { addresses: [...seen.addresses, { address: "2001:db8::1", answers: false }] },
  ],
  [
    "two hosts, one address",
    "warn address: it has an address of web1's (192.0.2.1)",
    { hosts: [...seen.hosts, { host: "web2", addresses: ["192.0.2.1"] }] },
  ],
  [
    "a renewal that is broken on one host",
    "warn certificate: that of web2 ends in 6 days: its renewal is broken there",
    { hosts: [...seen.hosts, { host: "web2", addresses: ["192.0.2.2"], certificate: later(6) }] },
  ],
  [
    "a refused certificate",
    "warn certificate: 192.0.2.1 has one that browsers refuse: CERT_HAS_EXPIRED",
    {
      addresses: [
        { address: "192.0.2.1", answers: true, certificate: { ...later(-1), refused: "CERT_HAS_EXPIRED" } },
      ],
    },
  ],
  [
    "a document root that is too high",
    "stop pages: everybody can read /.env, /.git/HEAD: the document root is too high",
    {
      pages: {
        ...pages,
        "/.env": page("APP_KEY=x\n"),
        "/.git/HEAD": page("ref: refs/heads/main\n"),
        "/composer.json": page("<p>an app's own page"),
      },
    },
  ],
  [
    "a document root that is the release of pages",
    "warn pages: everybody can read /REVISION, the commit that is live: the document root is `current` itself",
    { pages: { ...pages, "/REVISION": page("4f2a91c0d3b5\n") } },
  ],
  [
    "debugging by a header",
    "warn debug: a page that is missing shows the code: debugging is on",
    { pages: { ...pages, [missing]: page("no", 404, { "x-debug-token": "1" }) } },
  ],
  [
    "a page for every style sheet",
    "warn static files: a style sheet that is not there answers 200: caches will keep a page in its place",
    { pages: { ...pages, [`${missing}.css`]: page("<html>") } },
  ],
  [
    "a style sheet that is lost",
    "warn static files: the first page names /app.css, which answers 404 text/html",
    { asset: { ...page("", 404, { "content-type": "text/html" }), path: "/app.css" } },
  ],
  [
    "http that stays http",
    "warn http: http://shop.example.com answers 200 instead of leading to https",
    { plain: page("hello") },
  ],
  [
    "an app's port without a firewall",
    "warn firewall: 8080 answers from here: no firewall keeps visitors from the app behind the web server",
    { hosts: [{ host: "web1", addresses: ["192.0.2.1"], open: true }] },
  ],
  ["a site that does not answer", "unknown pages: https://shop.example.com/ did not answer", { pages: {} }],
])("%s: one line, with what mends it", (_, line, change) => {
  const bad = look(change).filter(({ level }) => level !== "ok");
  expect(bad.map(({ level, about, text }) => `${level} ${about}: ${text}`)).toEqual([line]);
  expect(bad.every(({ level, fix }) => level === "unknown" || fix !== undefined)).toBe(true);
});

test("without a url nothing is known", () => {
  expect(outsideRemarks(undefined, [], { now })).toEqual([
    expect.objectContaining({ level: "unknown", about: "address" }),
  ]);
});
