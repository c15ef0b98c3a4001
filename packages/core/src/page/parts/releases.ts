import { isComplete, liveRelease, releaseOn } from "../../releases/live.ts";
import { hostsOf } from "../../status/parts.ts";
import { type Html, html } from "../html.ts";
import type { StatusView } from "../view.ts";
import { table } from "./words.ts";

/** Releases that lie whole on every host that was read, were live, and were not called bad: where one can go back to. */
export function releaseTable({ facts, config }: StatusView): Html {
  const hosts = hostsOf(facts, config).filter((host) => host.reached);
  const [first] = hosts;
  const ids = (first?.releases ?? [])
    .map(({ id }) => id)
    .filter((id) => hosts.every((host) => isComplete(host, id) && releaseOn(host, id)?.state !== "ready"))
    .filter((id) => !hosts.every((host) => liveRelease(host) === id))
    .reverse();
  if (ids.length === 0)
    return html`<h2>The way back</h2><p class="soft">No release lies whole on all hosts but what is live.</p>`;
  const leader = hosts.find(({ host }) => host === config.leader);
  const rows = ids.map((id) => [
    html`<code>${id}</code>`,
    html`<code>${first && releaseOn(first, id)?.commit?.slice(0, 12)}</code>`,
    html`<code>${leader && releaseOn(leader, id)?.backup?.id}</code>`,
  ]);
  return html`<h2>The way back</h2>${table("Releases that one can go back to, newest first", ["Release", "Commit", "Backup made before"], rows)}`;
}
