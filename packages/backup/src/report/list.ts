import { dataSize, roughly, textTable } from "@deploy/core";
import { mintedAt, ownerOf } from "../id.ts";
import type { BackupList } from "../list/list.ts";
import { whyUnsigned } from "../sign/manifest.ts";
import { minute } from "./parts.ts";

const head = ["id", "made", "age", "size", "database", "release", "live then", "proved"];

/** `deploy backups`: whole ones as a table, then what is left over or damaged. `signedBy`: whose signatures count. */
export function renderBackupsText(
  { backups, orphans, damaged }: BackupList,
  now: Date,
  signedBy?: readonly string[],
): string {
  const strange = backups.flatMap((each) => {
    const why = whyUnsigned(each, signedBy);
    return why === undefined ? [] : [`${each.id}: ${why}`];
  });
  const rows = backups.map(({ id, created, stored, database, release, live, proofs }) => [
    id,
    minute(created),
    roughly(now.getTime() - Date.parse(created)),
    dataSize(stored.size),
    database.name,
    release ?? "-",
    live ?? "-",
    proofs.join(" ") || "-",
  ]);
  return [
    ...(rows.length > 0 ? textTable([head, ...rows]) : ["There are no backups."]),
    ...section(
      "Data without a manifest (a run that was ended in between, or runs right now):",
      orphans.map((key) => `${key}${ageOf(key, now)}`),
    ),
    ...section("Not brought back without --unsigned:", strange),
    ...section(
      "Damaged:",
      damaged.map(({ key, why }) => `${key}: ${why}`),
    ),
  ].join("\n");
}

function ageOf(key: string, now: Date): string {
  const minted = mintedAt(ownerOf(key)?.id ?? "");
  return Number.isNaN(minted) ? "" : `, ${roughly(now.getTime() - minted)} old`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0
    ? []
    : [
        "",
        title,
        ...textTable(
          lines.map((line) => [line]),
          "  ",
        ),
      ];
}
