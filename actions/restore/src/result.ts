import type { ActionResult } from "@deploy/action-kit";
import {
  type BroughtBack,
  type RehearsedBringBack,
  renderRestored,
  renderRestoredMarkdown,
  sayMaker,
} from "@deploy/backup";
import { markdown } from "@deploy/core";

/** What lies where now; the headline names what was there before, until somebody removes it. */
export function told(back: BroughtBack): ActionResult {
  const { restored, backup } = back;
  return {
    result: "prepared",
    headline: renderRestored(back),
    summary: renderRestoredMarkdown(back),
    outputs: {
      "backup-id": backup.id,
      database: restored.name,
      previous: restored.previous ?? "",
      release: backup.live ?? "",
      result: "restored",
    },
  };
}

export function rehearsed({ backup, name, replaces }: RehearsedBringBack): ActionResult {
  const what = replaces ? `in the place of ${name}, after a fresh backup of it` : `into the new ${name}`;
  const headline = `Would restore ${backup.id} ${what}. ${sayMaker(backup)}`;
  return {
    result: "prepared",
    headline,
    summary: `### ${markdown.words(headline)}\n`,
    outputs: {
      "backup-id": backup.id,
      database: name,
      previous: "",
      release: backup.live ?? "",
      result: "planned",
    },
  };
}
