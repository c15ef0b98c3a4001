import { dataSize } from "../../amounts.ts";
import { type Html, html } from "../html.ts";
import type { StatusView } from "../view.ts";
import { table, time } from "./words.ts";

/** Of these many a page tells. */
const most = 5;

/** The newest whole backups, with what was proved of each; nothing where no store was read. */
export function backupParts({ backups }: StatusView): Html | undefined {
  if (backups === undefined) return undefined;
  if (backups.whole.length === 0)
    return html`<h2>Backups</h2><p class="soft">The store holds no whole backup.</p>`;
  const rows = backups.whole
    .slice(0, most)
    .map(({ id, created, size, database, release, proofs }) => [
      html`<code>${id}</code>`,
      time(created),
      html`${database}`,
      html`${dataSize(size)}`,
      html`${proofs.length === 0 ? "nothing" : proofs.join(", ")}`,
      html`<code>${release}</code>`,
    ]);
  const head = ["Backup", "Made", "Database", "Size", "Proved", "Before release"];
  return html`<h2>Backups</h2>${table(`The newest of ${backups.whole.length} whole ones`, head, rows)}`;
}

/** Until when visitors are let in without a warning. */
export function certificateWords({ certificate }: StatusView): Html | undefined {
  return certificate && html`<p>Certificate: until ${time(certificate.ends)}</p>`;
}
