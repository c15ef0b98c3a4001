import { createHash } from "node:crypto";
import { cut } from "../plan/words.ts";
import { Html, html } from "./html.ts";
import { script, style } from "./style.ts";

/** Hours after which a page no longer says what is, only what was. */
const stale = 24;

/** What lets `text` run, or be used, in a content security policy. */
export const hashOf = (text: string): string =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policy = (): string =>
  `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;

interface Frame {
  readonly title: string;
  readonly body: Html;
  /** When the oldest was read of what it tells. */
  readonly read: Date;
}

/** A whole page: nothing is asked for from anywhere, and no script runs but ours. */
export function renderFrame({ title, body, read }: Frame): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy()}"><meta name="referrer" content="no-referrer">
<title>${cut(title, 120)}</title><style>${new Html(style)}</style></head>
<body><main data-read="${read.toISOString()}" data-stale="${stale}">
${body}
</main><script>${new Html(script)}</script></body></html>
`.text;
}
