import type { Cut } from "./chains.ts";
import type { Told } from "./command.ts";
import type { Seen } from "./rig.ts";

/** What is wrong with a run that was ended, in words: one that ended in order leaves all new or all old, and says which. */
export function findAfterCut({ way }: Cut, told: Told, seen: readonly Seen[]): readonly string[] {
  if (way === "SIGKILL" || way === "SIGINT twice") return [];
  const faults = [...findMixed(seen), ...findUnequal(told, seen)];
  return faults.map((fault) => `(cut, exit ${told.code}) ${fault}: ${wordsOf(told)}`);
}

/** Well is what answers the same everywhere, and is what the links say. */
export function findInStatus(told: Told, seen: readonly Seen[]): readonly string[] {
  const mixed = findMixed(seen);
  return told.code !== 0 || mixed.length === 0 ? [] : [`(status) is content, and ${mixed.join(", ")}`];
}

/** A run that follows ends with the application it names, everywhere; `content`: what that has to be. */
export function findAfter(
  name: string,
  told: Told,
  seen: readonly Seen[],
  content: string | undefined,
): readonly string[] {
  const wanted = content === "bad" ? 3 : 0;
  const others = content === undefined || wanted === 3 ? [] : seen.filter((one) => one.content !== content);
  const faults = [
    ...(told.code === wanted ? [] : [`exit ${told.code}: ${wordsOf(told)}`]),
    ...findMixed(seen),
    ...findUnequal(told, seen),
    ...others.map((one) => `an application has ${one.content} instead of ${content}`),
  ];
  return faults.map((fault) => `(${name}) ${fault}`);
}

function wordsOf({ report, output }: Told): string {
  return report === undefined
    ? output.slice(-2_000)
    : `${report.headline} ${JSON.stringify(report.problems)}`;
}

function findMixed(seen: readonly Seen[]): readonly string[] {
  const answers = new Set(seen.map((one) => one.answers));
  return [
    ...(answers.size > 1 ? [`applications answer ${[...answers].join(" and ")}`] : []),
    ...seen.flatMap(({ link, answers: now }) => (link === now ? [] : [`${link} is live and ${now} answers`])),
  ];
}

/** The report's word on each host is what answers there. */
function findUnequal({ report }: Told, seen: readonly Seen[]): readonly string[] {
  if (report === undefined) return ["nothing was reported"];
  return report.hosts.flatMap(({ host, now }, index) =>
    now === seen[index]?.answers
      ? []
      : [`${host} is said to serve ${now}, and ${seen[index]?.answers} answers`],
  );
}
