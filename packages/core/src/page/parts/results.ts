import { count } from "../../plan/words.ts";
import type { PastLine } from "../../records/pastText.ts";
import type { Figures } from "../../status/figures.ts";
import { type Html, html } from "../html.ts";
import { most, run, shown } from "./changes.ts";
import { table, time } from "./words.ts";

/** What servers and records tell together, newest first. */
export interface Results {
  readonly lines: readonly PastLine[];
  readonly figures: Figures;
}

/** By what came of a run; what is none of these wants a look. */
const glyphs: Readonly<Record<string, readonly [state: string, glyph: string]>> = {
  deployed: ["well", "✓"],
  prepared: ["unknown", "·"],
  "rolled back": ["look", "↶"],
  cancelled: ["unknown", "○"],
  locked: ["unknown", "○"],
};
const looked = ["look", "✗"] as const;

/** The last results: a strip to see, a table to read. */
export function resultParts(lines: readonly PastLine[], repository: string | undefined): Html {
  if (lines.length === 0)
    return html`<h2>Results</h2><p class="soft">Neither servers nor records tell of any.</p>`;
  const of = (what: string) => glyphs[what] ?? looked;
  const strip = lines
    .slice(0, shown)
    .map(
      ({ what, release }) => html`<li class="${of(what)[0]}" title="${what} ${release}">${of(what)[1]}</li>`,
    );
  // A row is short: there may be 300, and a page has 100 kB.
  const rows = lines
    .slice(0, most)
    .map((line) => [
      time(new Date(line.time * 1000)),
      html`${said(line.what, of(line.what))}${noted(line.note)}`,
      html`${line.release}`,
      html`${count(line.hosts, "host")}`,
      html`${line.who}`,
      html`${line.took}`,
      run(line.run, repository),
    ]);
  const head = ["When", "What", "Release", "On", "By", "Took", "Run"];
  return html`<h2>Results</h2><ul class="strip" aria-label="newest first">${strip}</ul>${table("What servers and records tell, newest first", head, rows)}`;
}

const said = (what: string, [state, glyph]: readonly [string, string]): Html =>
  state === "look" ? html`<b class="look">${glyph} ${what}</b>` : html`${glyph} ${what}`;

const noted = (note: string): Html | undefined =>
  note === "" ? undefined : html` <span class="look">! ${note}</span>`;
