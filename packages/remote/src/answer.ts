import { DeployError, type ErrorCode, errorCodes } from "@deploy/core";
import type { ExecResult } from "./command.ts";

type Exited = ExecResult & { status: "exited" };

/** What stood between the sentinels: login noise around them is not ours. */
export interface Answer {
  readonly code: number;
  readonly lines: readonly string[];
  readonly refusal?: DeployError;
}

export const begin = "--deploy-begin--";
export const end = /^--deploy-end-- (\d{1,3})$/;

/** The framed answer in `text`; undefined where a sentinel is missing or tells another code than the exit. */
export function findAnswer(text: string, code: number): Answer | undefined {
  const lines = text.split("\n");
  const first = lines.lastIndexOf(begin) + 1;
  const last = lines.findIndex((line, at) => at >= first && end.test(line));
  if (first === 0 || last < 0 || Number(end.exec(lines[last] ?? "")?.[1]) !== code) return undefined;
  const body = lines.slice(first, last);
  const refused = body.map(refusalOf).find((error) => error !== undefined);
  return {
    code,
    lines: body.filter((line) => !line.startsWith("error ")),
    ...(refused && { refusal: refused }),
  };
}

/** The answer, ok or refused. Throws `answer-unreadable`: no end sentinel is never ok. */
export function readAnswer(name: string, result: Exited): Answer {
  const answer = findAnswer(result.stdout, result.code);
  if (answer === undefined || result.dropped > 0) throw unreadable(name, result);
  if (answer.code !== 0 && answer.refusal === undefined) throw unreadable(name, result);
  return answer;
}

/** The lines of an ok answer; throws what the script refused. */
export function readLines(name: string, result: Exited): readonly string[] {
  const answer = readAnswer(name, result);
  if (answer.refusal !== undefined) throw answer.refusal;
  return answer.lines;
}

/** The words after the first line that begins with `key`. Throws `answer-unreadable`. */
export function wordsOf(lines: readonly string[], key: string): readonly string[] {
  const words = lines.map((line) => line.split(" ")).find(([first]) => first === key);
  if (words === undefined) throw new DeployError("answer-unreadable", `the host's answer has no "${key}"`);
  return words.slice(1);
}

export function fromHex(hex: string | undefined): string {
  return Buffer.from(hex ?? "", "hex").toString("utf8");
}

/** The text a script would print: rehearsals are made with it. */
export function frame(...lines: readonly string[]): string {
  return ["", begin, ...lines, "--deploy-end-- 0", ""].join("\n");
}

/** The text a script would print that refuses, with what it said before. It ends 70. */
export function refusal(error: DeployError, ...lines: readonly string[]): string {
  const { code, message } = error.problem;
  const words = Buffer.from(message).toString("hex");
  return ["", begin, ...lines, `error ${code} ${words}`, "--deploy-end-- 70", ""].join("\n");
}

/** HUP, INT, ABRT, KILL, SEGV, PIPE, TERM: how scripts of ours are ended. */
const signals = new Set([1, 2, 6, 9, 11, 13, 15]);

/** An answer without its end: the script was ended, or something else spoke. */
export function unreadable(name: string, result: Exited): DeployError {
  const tail = `${result.stdout}\n${result.stderr}`.trim().slice(-300);
  const said = tail === "" ? "printed nothing" : `its output ended: ${JSON.stringify(tail)}`;
  const cut = result.dropped > 0 ? `; ${result.dropped} bytes were not kept` : "";
  // A login shell that started ours as a child tells its signal so.
  const code =
    result.dropped === 0 && signals.has(result.code - 128) ? "command-killed" : "answer-unreadable";
  return new DeployError(code, `${name} ended ${result.code} and ${said}${cut}`);
}

function refusalOf(line: string): DeployError | undefined {
  const [key, word = "", text] = line.split(" ");
  if (key !== "error") return undefined;
  const code: ErrorCode = Object.hasOwn(errorCodes, word) ? (word as ErrorCode) : "internal";
  return new DeployError(code, fromHex(text).trim());
}
