import { cleanLine, count, dataSize, duration, markdown, textTable } from "@deploy/core";
import { driverOf } from "@deploy/remote";
import type { Retained } from "../retain/apply.ts";
import type { BackupManifest } from "../types.ts";
import { makerOf, packedAs, proofsOf } from "./parts.ts";

type Row = readonly [string, string];

/** What was made, how it was proved, and what went for it: for the log. */
export function renderBackupText(manifest: BackupManifest, retained?: Retained): string {
  const rows = [...aboutBackup(manifest), ...aboutRetention(retained)];
  return [`Backup ${manifest.id}`, ...textTable(rows, "  ")].join("\n");
}

/** The same for the job's summary. */
export function renderBackupMarkdown(manifest: BackupManifest, retained?: Retained): string {
  const rows = [...aboutBackup(manifest), ...aboutRetention(retained)];
  const [head = [], ...cells] = rows.map((row) => row.map(markdown.words));
  return [`### ✅ Backup ${markdown.code(manifest.id)}`, "", ...markdown.markdownTable(head, cells)].join(
    "\n",
  );
}

function aboutBackup(manifest: BackupManifest): readonly Row[] {
  const { database, plain, stored, globals, took, release, live, signature } = manifest;
  const tables = driverOf(database.kind).tables ? `, ${count(database.tables, "table")}` : "";
  return [
    ["database", cleanLine(`${database.name} (${database.server}${tables}), by ${database.tool}`)],
    ["size", `${dataSize(plain.size)}, stored ${dataSize(stored.size)} (${packedAs(manifest)})`],
    ["object", stored.key],
    ...(globals === undefined
      ? []
      : [["globals", `${globals.stored.key}, ${dataSize(globals.stored.size)}`] as const]),
    ["proved", proofsOf(manifest)],
    ["made by", makerOf(manifest)],
    ...(signature === undefined ? [] : [["signed", `by ${signature.key}`] as const]),
    ["took", `${duration(took.dump)}, the proof ${duration(took.verify)}`],
    ...(release === undefined ? [] : [["before", `release ${release}`] as const]),
    ...(live === undefined ? [] : [["fits", `release ${live}, which was live then`] as const]),
  ];
}

function aboutRetention(retained: Retained | undefined): readonly Row[] {
  if (retained === undefined) return [];
  const { removed, kept, denied } = retained;
  return [
    ["kept", count(kept.length, "backup")],
    ...removed.map(({ id, because }): Row => ["removed", `${id}: ${because.join(", ")}`]),
    ...denied.map(({ id, why }): Row => ["not removed", `${id}: ${cleanLine(why)}`]),
  ];
}
