import type { Finding } from "../file/finding.ts";
import type { Judged } from "../section.ts";
import { show } from "../values/text.ts";
import { storing } from "./storing.ts";

/** Without a store nothing encrypts, compresses or compares sizes: who asks for it must not believe that it is done. */
export function checkBackup({
  values,
  tree,
}: Judged<{ readonly backup?: { readonly proof: string } }>): readonly Finding[] {
  if (values.backup === undefined || "store" in values.backup) return [];
  const given = tree.backup as Readonly<Record<string, unknown>>;
  const idle = Object.keys(storing).filter((key) => key !== "keep" && given[key] !== undefined);
  const asked = values.backup.proof === "restore" ? [...idle, "verify"] : idle;
  return asked
    .filter((key) => key !== "from" || given.from === "runner")
    .map((key) => {
      const expected = "a store beside it (without one a backup is a plain file on the leader)";
      const message = `expected ${expected}, got ${show(given[key])}`;
      return { path: ["backup", key], at: "value", code: "config-invalid", message };
    });
}
