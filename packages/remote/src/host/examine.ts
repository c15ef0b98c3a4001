import type { Examination } from "@deploy/core";
import { begin, frame, fromHex, readLines } from "../answer.ts";
import { checkBase } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";
import { numberIn } from "../told.ts";

export interface ExamineQuestion {
  readonly base: string;
  /** Where the app listens; undefined: not known. */
  readonly port?: number;
  /** Commands that read only. */
  readonly checks: readonly string[];
}

/** Reads what stands in the way of a deploy; writes nothing. */
export function examine({ base, port, checks }: ExamineQuestion): RemoteCommand<Examination> {
  return {
    name: "examine",
    kind: "read",
    script: scripts.examine,
    args: [checkBase(base), port === undefined ? "-" : String(port), ...checks],
    payload: false,
    rehearsal: frame("umask 0022", "system "),
    parse: (result) => ({
      ...examinedIn(readLines("examine", result)),
      noisy: !result.stdout.trimStart().startsWith(begin),
    }),
  };
}

function examinedIn(lines: readonly string[]): Omit<Examination, "noisy"> {
  const all = (key: string) =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const names = (key: string) => all(key).filter((name) => /^[A-Z_]{1,100}$/.test(name));
  return {
    umask: /^[0-7]{3,4}$/.exec(all("umask")[0] ?? "")?.[0] ?? "",
    closed: all("closed").map(fromHex),
    readable: all("readable").length > 0,
    debug: names("debug"),
    stage: names("stage"),
    listens: listensOf(all("listens")),
    system: fromHex(all("system")[0] ?? "").slice(0, 100),
    checks: all("check").map((line) => {
      const [, code, said = ""] = line.split(" ");
      return { code: numberIn(code) ?? 1, said: fromHex(said) };
    }),
  };
}

/** proc(5): 127.0.0.1 and ::1 in the machine's own byte order; all that is neither is for others. */
function listensOf(addresses: readonly string[]): Examination["listens"] {
  if (addresses.length === 0) return "nobody";
  const own = /^(0100007F|7F000001|0{24}0[01]00000[01]|0{24}01000000|0{31}1)$/;
  return addresses.every((address) => own.test(address)) ? "own" : "all";
}
