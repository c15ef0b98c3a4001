import { createHash } from "node:crypto";
import { cut } from "../plan/words.ts";
import { changesIn } from "../status/changes.ts";
import { figuresOf, figureWords } from "../status/figures.ts";
import { hostsOf, lockWords } from "../status/parts.ts";
import { type Answer, answerOf } from "./answer.ts";
import { Html, html } from "./html.ts";
import { changeParts } from "./parts/changes.ts";
import { hostTable } from "./parts/hosts.ts";
import { releaseTable } from "./parts/releases.ts";
import { time } from "./parts/words.ts";
import { script, style } from "./style.ts";
import type { StatusView } from "./view.ts";

/** Hours after which a page no longer says what is, only what was. */
const stale = 24;

export const hashOf = (text: string): string =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policy = (): string =>
  `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;

const glyphs: Readonly<Record<Answer["state"], string>> = { well: "✓", look: "!", unknown: "?" };

/**
 * The status of one environment as a file for browsers: nothing is asked for from anywhere, no script is needed, and what hosts
 * said is text. At most 100 kB for 40 hosts and 300 changes. `repository`: the code's own page, `https://github.com/org/shop`.
 */
export function renderStatusPage(view: StatusView, repository?: string): string {
  const { config, now } = view;
  const answer = answerOf(view);
  const title = `${glyphs[answer.state]} ${config.app} on ${config.environment}: ${answer.words}`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy()}"><meta name="referrer" content="no-referrer">
<title>${cut(title, 120)}</title><style>${new Html(style)}</style></head>
<body><main data-read="${now.toISOString()}" data-stale="${stale}">
${statusParts(view, repository)}
</main><script>${new Html(script)}</script></body></html>
`.text;
}

/** All that it says of servers, without what is around it. */
export function statusParts(view: StatusView, repository?: string): Html {
  const { config, facts, now, by } = view;
  const answer = answerOf(view);
  const changes = changesIn(facts);
  return html`<p class="soft">${config.app} on ${config.environment}</p>
<h1 class="${answer.state}">${glyphs[answer.state]} ${answer.words}</h1>
${notes(answer)}
<p class="soft">Read from the servers ${time(now)} by ${by}. What happened since is not on this page.</p>
<p>Lock: ${lockWords(facts, config)}</p>
${links(config.url, repository)}
${hostTable(hostsOf(facts, config), changes)}
${changeParts(changes, repository)}
<p>${figureWords(figuresOf(changes, now))}.</p>
${releaseTable(view)}`;
}

function notes({ notes }: Answer): Html | undefined {
  return notes.length === 0 ? undefined : html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`;
}

function links(site: string | undefined, repository: string | undefined): Html | undefined {
  const found = [
    ...(site === undefined ? [] : [html`<a href="${site}">the site</a>`]),
    ...(repository === undefined
      ? []
      : [html`<a href="${repository}/actions">runs, and the button of a rollback</a>`]),
  ];
  return found.length === 0
    ? undefined
    : html`<p>${found.flatMap((link, at) => (at === 0 ? [link] : [html` · `, link]))}</p>`;
}
