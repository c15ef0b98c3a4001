import { changesIn } from "../status/changes.ts";
import { figuresOf, figureWords } from "../status/figures.ts";
import { hostsOf, lockWords } from "../status/parts.ts";
import { type Answer, answerOf } from "./answer.ts";
import { renderFrame } from "./frame.ts";
import { type Html, html } from "./html.ts";
import { backupParts, certificateWords } from "./parts/backups.ts";
import { changeParts } from "./parts/changes.ts";
import { hostTable } from "./parts/hosts.ts";
import { releaseTable } from "./parts/releases.ts";
import { type Results, resultParts } from "./parts/results.ts";
import { time } from "./parts/words.ts";
import type { StatusView } from "./view.ts";

export const glyphs: Readonly<Record<Answer["state"], string>> = { well: "✓", look: "!", unknown: "?" };

/**
 * The status of one environment as a file for browsers: nothing is asked for from anywhere, no script is needed, and what hosts
 * said is text. At most 100 kB for 40 hosts and 300 changes. `repository`: the code's own page, `https://github.com/org/shop`;
 * `results`: what records and journals tell together, where records are kept.
 */
export function renderStatusPage(view: StatusView, repository?: string, results?: Results): string {
  const { config, now } = view;
  const answer = answerOf(view);
  const title = `${glyphs[answer.state]} ${config.app} on ${config.environment}: ${answer.words}`;
  return renderFrame({ title, body: statusParts(view, repository, results), read: now });
}

/** All that it says of servers, without what is around it. */
export function statusParts(view: StatusView, repository?: string, results?: Results): Html {
  const { config, facts, now, by } = view;
  const answer = answerOf(view);
  const changes = changesIn(facts);
  return html`<p class="soft">${config.app} on ${config.environment}</p>
<h1 class="${answer.state}">${glyphs[answer.state]} ${answer.words}</h1>
${notes(answer)}
<p class="soft">Read from the servers ${time(now)} by ${by}. What happened since is not on this page.</p>
<p>Lock: ${lockWords(facts, config)}</p>
${links(config.url, repository)}
${certificateWords(view)}
${hostTable(hostsOf(facts, config), changes)}
${results === undefined ? changeParts(changes, repository) : resultParts(results.lines, repository)}
<p>${figureWords(results?.figures ?? figuresOf(changes, now))}.</p>
<p class="soft">${figureMeaning}</p>
${releaseTable(view)}
${backupParts(view)}`;
}

/** What the four figures are, by dora.dev. */
const figureMeaning =
  "Deploys are releases that went live. They went back where their run reverted them or a rollback left them, after the median time from going live to having gone back. From commit to live is the median, too, where records say it.";

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
