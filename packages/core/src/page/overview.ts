import { count, cut } from "../plan/words.ts";
import type { EnvironmentStatus, StatusDocument } from "./document.ts";
import { renderFrame } from "./frame.ts";
import { html } from "./html.ts";
import { glyphs } from "./page.ts";
import { table, time } from "./parts/words.ts";

/** The page over all environments: the first sentence is the answer, and no better than its oldest reading. */
export function renderIndexPage({ environments }: StatusDocument): string {
  const well = environments.filter(({ state }) => state === "well").length;
  const state = well === environments.length ? "well" : "look";
  const words = `${well} of ${count(environments.length, "environment")} ${well === 1 ? "is" : "are"} well`;
  const oldest = environments.map(({ read }) => read).sort()[0] ?? new Date(0).toISOString();
  const rows = environments.map((one) => [
    html`<a href="${linkTo(one.page)}">${one.app} on ${one.environment}</a>`,
    html`<span class="${one.state}">${glyphs[one.state]} ${one.words}</span>`,
    html`${count(one.notes.length, "note")}`,
    time(new Date(one.read)),
  ]);
  const body = html`<h1 class="${state}">${glyphs[state]} ${words}</h1>
<p class="soft">Each as of when it was read. <a href="feed.atom">Results as a feed</a> · <a href="status.json">for programs</a></p>
<h2>Environments</h2>${table("What each environment serves", ["Environment", "Serves", "To look at", "Read"], rows)}`;
  return renderFrame({ title: `${glyphs[state]} ${words}`, body, read: new Date(oldest) });
}

/** Below this page and nowhere else, whatever the document says. */
const linkTo = (page: string): string => page.split("/").map(encodeURIComponent).join("/");

/** Control characters are none of XML's; the others are written as what they are. */
export function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffe\uffff]/gu, "\u{fffd}")
    .replace(/[&<>"]/g, (one) => entities[one] ?? one);
}

/** The last results of all environments as an Atom feed (RFC 4287), newest first. */
export function renderFeed({ environments, updated }: StatusDocument): string {
  const entries = environments
    .flatMap((one) => one.last.map((last) => ({ ...last, of: one })))
    .sort((one, other) => (one.time < other.time ? 1 : -1));
  const texts = entries.map(({ of: { app, environment, page }, time, what, release, by, run }) => {
    const id = `tag:deploy,2026:${[app, environment, time, run, what].map(encodeURIComponent).join("/")}`;
    const title = `${app} on ${environment}: ${what} ${release}`;
    return `<entry><id>${escapeXml(id)}</id><title>${escapeXml(title)}</title><updated>${time}</updated>
<link href="${escapeXml(linkTo(page))}"/><author><name>${escapeXml(by === "" ? "unknown" : by)}</name></author>
<content type="text">${escapeXml(`${title}, run ${run}`)}</content></entry>`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:deploy,2026:results</id><title>Results of deploys</title><updated>${updated}</updated>
<link rel="self" href="feed.atom"/><link href="index.html"/><author><name>deploy</name></author>
${texts.join("\n")}
</feed>
`;
}

const colours: Readonly<Record<EnvironmentStatus["state"], string>> = {
  well: "#116329",
  look: "#9a3b00",
  unknown: "#57606a",
};

/** A badge: what is served and whether that is well, and as of when: a picture cannot grow old by itself. */
export function renderBadge({ app, environment, state, read, hosts }: EnvironmentStatus): string {
  const releases = [...new Set(hosts.map(({ serves }) => serves))];
  const [only = ""] = releases;
  const serves = releases.length === 1 ? (/-([0-9a-f]{7})$/.exec(only)?.[1] ?? only) : "mixed";
  const value = cut(`${glyphs[state]} ${serves} as of ${read.slice(0, 16).replace("T", " ")} UTC`, 60);
  const label = cut(`${app} ${environment}`, 60);
  const [left, right] = [width(label), width(value)];
  const text = (words: string, at: number, wide: number): string =>
    `<text x="${at + wide / 2}" y="14" textLength="${wide - 12}" lengthAdjust="spacingAndGlyphs">${escapeXml(words)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${escapeXml(`${label}: ${value}`)}">
<title>${escapeXml(`${label}: ${value}`)}</title><rect width="${left}" height="20" fill="#1f2328"/><rect x="${left}" width="${right}" height="20" fill="${colours[state]}"/>
<g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,sans-serif" font-size="11">${text(label, 0, left)}${text(value, left, right)}</g></svg>
`;
}

/** Pixels: Verdana's letters at 11 are seven wide on average, and there are six at either end. */
const width = (words: string): number => [...words].length * 7 + 12;
