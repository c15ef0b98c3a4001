import { count } from "../../plan/words.ts";
import { type Change, kinds } from "../../status/changes.ts";
import { type Html, html } from "../html.ts";
import { table, time } from "./words.ts";

/** Changes in the strip, and in the table. */
export const [shown, most] = [40, 300];

const glyphs: Readonly<Record<Change["kind"], readonly [string, string]>> = {
  activate: ["well", "✓"],
  rollback: ["look", "↶"],
  revert: ["look", "✗"],
};

/** What happened last: a strip to see, a table to read. */
export function changeParts(changes: readonly Change[], repository: string | undefined): Html {
  if (changes.length === 0) return html`<h2>Changes</h2><p class="soft">The servers remember none.</p>`;
  const strip = changes.slice(0, shown).map(({ kind, release }) => {
    const [state, glyph] = glyphs[kind];
    return html`<li class="${state}" title="${kinds[kind]} ${release ?? "nothing"}">${glyph}</li>`;
  });
  const rows = changes
    .slice(0, most)
    .map((change) => [
      time(new Date(change.time * 1000)),
      html`<b class="${glyphs[change.kind][0]}">${glyphs[change.kind][1]} ${kinds[change.kind]}</b>`,
      html`<code>${change.release ?? "nothing"}</code>`,
      html`${count(change.hosts.length, "host")}`,
      run(change.run, repository),
    ]);
  const head = ["When", "What", "Serves then", "On", "Run"];
  return html`<h2>Changes</h2><ul class="strip" aria-label="newest first">${strip}</ul>${table("What the servers remember, newest first", head, rows)}`;
}

/** A run of this repository's is a link to it, and named by its number and attempt. */
export function run(id: string, repository: string | undefined): Html {
  const [, name = "", number, attempt] = /^([\w.-]+\/[\w.-]+)\/(\d+)(?:\/(\d+))?$/.exec(id) ?? [];
  if (number === undefined || repository?.endsWith(`/${name}`) !== true) return html`${id}`;
  return html`<a href="${repository}/actions/runs/${number}">${number}${attempt && attempt !== "1" ? ` (attempt ${attempt})` : ""}</a>`;
}
