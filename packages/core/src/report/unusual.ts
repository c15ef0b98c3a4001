import { migrationsAmong } from "../news/migrations.ts";
import type { News } from "../news/types.ts";
import { stepsOf } from "../plan/stages.ts";
import type { Plan } from "../plan/types.ts";
import { count, list } from "../plan/words.ts";
import { kindOf } from "../steps/kinds.ts";
import type { Style } from "../style.ts";

/** What a plan lacks, and is not safe without. Nothing is said of what is as usual. */
export function cautions(plan: Plan, style: Style): readonly string[] {
  const steps = stepsOf(plan);
  if (!plan.changed || steps.length === 0) return [];
  const kinds = steps.map(kindOf);
  const migrates = kinds.some(({ effect }) => effect === "data");
  const saves = kinds.some(({ saves }) => saves === true);
  const switches = kinds.some(({ effect }) => effect === "live");
  const told = steps.flatMap((step) => kindOf(step).cautions?.(step, style) ?? []);
  return [
    ...told,
    ...(migrates && !saves
      ? ["No backup is made before the migration: data that it breaks cannot be brought back."]
      : []),
    ...(switches ? unproved(plan) : []),
  ];
}

/** A health check that asks for the release's id finds out by itself where a reload is missing. */
function unproved(plan: Plan): readonly string[] {
  const steps = stepsOf(plan);
  const proof = steps.filter((step) => kindOf(step).proves === true);
  const reloads = steps.some((step) => kindOf(step).proved === true);
  return [
    ...(proof.length > 0
      ? []
      : [
          "There is no health check: whether the release works is not looked at, and nothing goes back by itself.",
        ]),
    ...(reloads || proof.some((step) => kindOf(step).named?.(step) === true)
      ? []
      : ["Nothing is reloaded: an application that has loaded its code goes on with the old one."]),
  ];
}

/** What is other than on most days. */
export function notices(plan: Plan, news: News, style: Style): readonly string[] {
  if (!plan.changed) return [];
  return [...migrationNotices(plan, news, style), ...behindNotices(plan, news)];
}

function migrationNotices(plan: Plan, { changes }: News, style: Style): readonly string[] {
  if (changes === undefined) return [];
  const named = (paths: readonly string[]): string => {
    const shown = paths.slice(0, 3).map(style.code);
    const rest = paths.length - shown.length;
    return rest > 0 ? `${shown.join(", ")} and ${rest} more` : list(shown);
  };
  const fresh = migrationsAmong(changes.added);
  const gone = migrationsAmong(changes.removed);
  const are = ({ length }: readonly string[]): string => (length === 1 ? "is" : "are");
  if (plan.kind === "rollback") {
    return gone.length === 0
      ? []
      : [
          `Migrations differ: ${named(gone)} ${are(gone)} in the live release alone, and ${are(gone)} not undone.`,
        ];
  }
  if (fresh.length === 0) return [];
  const runs = stepsOf(plan).some((step) => kindOf(step).effect === "data");
  const after = runs ? "A rollback does not undo them." : "No step of this plan runs them.";
  const words = fresh.length === 1 ? after.replace(/them\.$/, "it.") : after;
  return [`Migrations change: ${named(fresh)} ${are(fresh)} new. ${words}`];
}

function behindNotices({ kind }: Plan, { commits }: News): readonly string[] {
  const behind = commits?.behind ?? 0;
  if (kind !== "deploy" || behind === 0) return [];
  return [
    `${count(behind, "commit")} that ${behind === 1 ? "is" : "are"} live ${behind === 1 ? "is" : "are"} not in this one.`,
  ];
}
