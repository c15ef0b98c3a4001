import type { ActionResult, Log } from "@deploy/action-kit";
import {
  type BackedUp,
  type rehearseBackUp,
  renderBackupMarkdown,
  renderBackupText,
  sayBackedUp,
} from "@deploy/backup";
import { markdown } from "@deploy/core";

/** The backup as log, summary, outputs and result, all from the one manifest. */
export function told(made: BackedUp, location: string, log: Log): ActionResult {
  const { manifest, retained } = made;
  const { id, restore } = sayBackedUp(made);
  log.text(renderBackupText(manifest, retained));
  return {
    result: "prepared",
    headline: `Backed up as ${id}. To bring it back: ${restore}`,
    summary: `${renderBackupMarkdown(manifest, retained)}\n\nTo bring it back: ${markdown.code(restore)}\n`,
    outputs: {
      "backup-id": id,
      location: `${location}/${manifest.stored.key}`,
      size: String(manifest.stored.size),
      verified: String(manifest.proofs.includes("read-back")),
      result: "backed-up",
    },
  };
}

/** What a dry run learned: the source can be read, and which older backups would go. */
export function rehearsed(
  { facts, verdicts }: Awaited<ReturnType<typeof rehearseBackUp>>,
  location: string,
): ActionResult {
  const going = verdicts.filter(({ keep }) => !keep);
  return {
    result: "prepared",
    headline: `Would back up ${facts.name} (${facts.server}) to ${location} and remove ${going.length} older ones`,
    warnings: facts.warnings,
    summary: [
      `### ${markdown.words(`Would back up ${facts.name} (${facts.server})`)}`,
      "",
      ...verdicts.map(
        ({ id, keep, because }) =>
          `- ${keep ? "keep" : "remove"} ${markdown.code(id)}: ${markdown.words(because.join(", "))}`,
      ),
      "",
    ].join("\n"),
    outputs: { "backup-id": "", location, size: "0", verified: "false", result: "planned" },
  };
}
