import { findKind } from "../steps/kinds.ts";
import { codeBlock, details } from "./markdown.ts";
import type { Report, Said } from "./types.ts";

/** The end of what a host said that is read at once, and of what can be opened. */
const shown = { lines: 30, characters: 4_000 } as const;
const opened = { lines: 200, characters: 16_000 } as const;

/** What was said where something went wrong, host by host; nothing where nobody said anything. */
export function saidLines({ hosts }: Report, said: readonly Said[]): readonly string[] {
  const wrong = hosts.flatMap(({ host, outcomes }) =>
    outcomes
      .filter(({ status }) => status === "failed" || status === "unknown")
      .map(({ step }) => ({ host, step })),
  );
  const told = said.filter((one) => wrong.some(({ host, step }) => host === one.host && step === one.step));
  const lines = told.flatMap(({ host, step, text }) =>
    endOf(text, shown).map((line) => `${host} ${step}  ${line}`),
  );
  return lines.length === 0 ? [] : codeBlock(lines.join("\n"), "text");
}

/** What a migration that went well printed, closed. */
export function migrationOutput({ hosts }: Report, said: readonly Said[]): readonly string[] {
  const told = said.filter(({ host, step, text }) => {
    const outcome = hosts.find((one) => one.host === host)?.outcomes.find((one) => one.step === step);
    return text.trim() !== "" && findKind(step)?.effect === "data" && outcome?.status === "ok";
  });
  return told.flatMap(({ host, step, text }) => {
    const lines = endOf(text, opened);
    return details(`The end of what ${step} printed on ${host}`, codeBlock(lines.join("\n"), "text"));
  });
}

/** The last lines, of which the first may be cut. */
function endOf(text: string, most: typeof shown | typeof opened): readonly string[] {
  const end = text.trimEnd().slice(-most.characters);
  return end === "" ? [] : end.split("\n").slice(-most.lines);
}
