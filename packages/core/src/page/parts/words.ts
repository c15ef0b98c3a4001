import { type Html, html } from "../html.ts";

/** A time of the world, to the minute; a script of the page puts its age beside it. */
export function time(at: Date): Html {
  const minute = at.toISOString().slice(0, 16);
  return html`<time datetime="${minute}Z">${minute.replace("T", " ")} UTC</time>`;
}

/** A table that scrolls by itself where the window is narrow, by keys too. */
export function table(caption: string, head: readonly string[], rows: readonly (readonly Html[])[]): Html {
  const cells = rows.map(
    ([first, ...rest]) =>
      html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>
`,
  );
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${cells}</tbody></table></div>`;
}
