import type { Level, Remark } from "../remark.ts";
import type { Row } from "./row.ts";

/** What the commands of doctor said. */
export const asked: Row = ({ host, examined, expected: { questions } }) =>
  questions.map(({ about, level, good, fix: usual }, index): Remark => {
    const { code, said } = examined.checks[index] ?? { code: cannotTell, said: "" };
    const found = lineOf(said, "deploy");
    const last =
      said
        .trim()
        .split("\n")
        .findLast((line) => !line.startsWith("alike: ")) ?? "";
    const judged: Level = code === 0 ? "ok" : code === cannotTell ? "unknown" : level;
    const other = judged === "unknown" ? "nobody could tell" : last === "" ? `its check ended ${code}` : last;
    const mend = lineOf(said, "mend") ?? (judged === level ? usual : undefined);
    const fix = judged === "ok" ? undefined : mend;
    return {
      ...{ level: judged, about, host },
      text: found ?? (judged === "ok" ? good : other),
      ...(fix === undefined ? {} : { fix }),
    };
  });

/** What a command exits with that cannot tell. */
const cannotTell = 69;

/** The first line of what a command said for this. */
export function lineOf(said: string, word: "alike" | "deploy" | "mend"): string | undefined {
  return new RegExp(`^${word}: (.*)$`, "m").exec(said)?.[1];
}
