import { hashOf } from "./frame.ts";
import { Html, html } from "./html.ts";
import { statusParts } from "./page.ts";
import { runParts, runWords } from "./parts/run.ts";
import type { Run } from "./runLines.ts";
import { style } from "./style.ts";
import type { StatusView } from "./view.ts";

/** What `deploy ui` knows by now. */
export interface UiView {
  readonly app: string;
  readonly environment: string;
  /** Of this desk, the last one; `alive`: its process is there. */
  readonly run?: Run | undefined;
  readonly alive: boolean;
  /** As last read; absent: not read yet. */
  readonly status?: StatusView | undefined;
  /** Why the last reading gave none. */
  readonly unread?: string | undefined;
}

/** The parts of the page that change, as HTML, by the id of where they stand; `said` is text, for screen readers. */
export interface UiParts {
  readonly said: string;
  readonly run: string;
  readonly status: string;
}

const uiStyle = `${style}
.plain{list-style:none;padding-left:0}.plain .plain{padding-left:1rem}.plain li{padding:.15rem 0}.host{display:inline-block;margin-left:.75rem}.aside{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden;white-space:nowrap}`;

/** Puts what the server tells in its place. Without it the page is what it was when it was loaded. */
const uiScript = `const e=new EventSource("events"),at=(id)=>document.getElementById(id),l=at("live");
e.onopen=()=>{l.textContent="Live: follows what this desk runs, and reads the servers every minute."};e.onerror=()=>{l.textContent="Not connected: deploy ui was ended, or goes on in a moment. What stands here is old."};
e.onmessage=(m)=>{const p=JSON.parse(m.data);for(const id of ["run","status"])if(at(id).dataset.was!==p[id]){at(id).innerHTML=p[id];at(id).dataset.was=p[id]}if(at("said").textContent!==p.said)at("said").textContent=p.said}`;

/** What the page may do: run its one script, and ask its own server. Sent as a header, too. */
export function uiPolicy(): string {
  return `default-src 'none'; style-src ${hashOf(uiStyle)}; script-src ${hashOf(uiScript)}; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

export function uiParts({ run, alive, status, unread }: UiView): UiParts {
  const trouble =
    unread === undefined ? undefined : html`<p class="look">! The servers could not be read: ${unread}</p>`;
  const body = status === undefined ? html`<h1>Reading the servers …</h1>` : statusParts(status);
  return {
    said: run === undefined ? "" : runWords(run, alive),
    run:
      run === undefined
        ? html`<p class="soft">Nothing was run from this desk yet.</p>`.text
        : runParts(run, alive).text,
    status:
      html`${trouble}${unread !== undefined && status === undefined ? html`<h1 class="unknown">? Nothing is known of the servers</h1>` : body}`
        .text,
  };
}

/** The whole page, as far as it is known by now. */
export function renderUi(view: UiView): string {
  const parts = uiParts(view);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer"><title>${view.app} on ${view.environment}</title><style>${new Html(uiStyle)}</style></head>
<body><main>
<p class="soft" id="live">As it was when this page was loaded; load it again for what is now.</p>
<section id="run" aria-label="The last run from this desk">${new Html(parts.run)}</section>
<div id="status">${new Html(parts.status)}</div>
<p id="said" role="status" class="aside">${parts.said}</p>
</main><script>${new Html(uiScript)}</script></body></html>
`.text;
}
