import type { Facts, ReachedHost } from "../../facts.ts";
import { liveRelease, releaseOn } from "../../releases/live.ts";
import type { Change } from "../../status/changes.ts";
import { currentWords, freeWords } from "../../status/parts.ts";
import { type Html, html } from "../html.ts";
import { table, time } from "./words.ts";

/** Every host of the config: what it serves, since when, whether that was proved, and where balancers have it. */
export function hostTable(hosts: readonly Facts[], changes: readonly Change[]): Html {
  const rows = hosts.map((host) =>
    host.reached
      ? [
          html`${host.host}`,
          html`<code>${currentWords(host.current)}</code>`,
          since(host, changes),
          proof(host),
          pool(host),
          html`${freeWords(host)}`,
        ]
      : [html`${host.host}`, html`<span class="unknown">? not known</span>`, ...Array(4).fill(html``)],
  );
  return html`<h2>Hosts</h2>${table("What each host serves", ["Host", "Serves", "Since", "Proved", "Pool", "Free"], rows)}`;
}

function since({ host, current }: ReachedHost, changes: readonly Change[]): Html {
  const live = current.kind === "release" ? current.release : null;
  const change = changes.find(({ hosts, release }) => hosts.includes(host) && release === live);
  return change === undefined ? html`` : time(new Date(change.time * 1000));
}

function proof(host: ReachedHost): Html {
  const live = liveRelease(host);
  if (live === null) return html``;
  const state = releaseOn(host, live)?.state;
  return state === "good"
    ? html`<span class="well">✓ yes</span>`
    : html`<span class="look">! no: ${state ?? "of another tool"}</span>`;
}

function pool({ standing, drained }: ReachedHost): Html {
  if (drained !== undefined) return html`<span class="look">! taken out by ${drained.by}</span>`;
  return standing === undefined ? html`` : html`${standing === "in" ? "✓ in" : standing}`;
}
