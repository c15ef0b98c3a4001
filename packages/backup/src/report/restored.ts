import { cleanLine, count, markdown } from "@deploy/core";
import type { BackupManifest, Restored } from "../types.ts";
import { makerOf, minute } from "./parts.ts";

interface Back {
  readonly backup: BackupManifest;
  readonly restored: Restored;
}

/** One line: what lies where now, and what the data fits to. */
export function renderRestored(back: Back): string {
  return sentences(back).join(" ");
}

export function renderRestoredMarkdown(back: Back): string {
  const [first = "", ...others] = sentences(back);
  return [`### ${markdown.words(first)}`, "", ...others.map((text) => markdown.words(text)), ""].join("\n");
}

/** Who made it, when, and whether that is only what its manifest says. */
export function sayMaker(backup: BackupManifest): string {
  const { created, signature } = backup;
  const signed = signature === undefined ? "not signed" : `signed by ${signature.key}`;
  return `Made by ${makerOf(backup)}, at ${minute(created)}; ${signed}.`;
}

function sentences({ backup, restored }: Back): readonly string[] {
  const { name, previous, tables } = restored;
  const held = tables === 0 ? "" : ` (${count(tables, "table")})`;
  return [
    `Restored ${backup.id} as ${cleanLine(name)}${held}.`,
    sayMaker(backup),
    ...(previous === undefined ? [] : [`What was there lies in ${cleanLine(previous)} until you remove it.`]),
    ...(backup.globals === undefined
      ? []
      : [`Roles and tablespaces were not touched; those of then are in ${backup.globals.stored.key}.`]),
    ...(backup.live === undefined
      ? []
      : [`The data fits release ${backup.live}, which was live when it was made.`]),
  ];
}
