import { type Drifted, type DriftKind, type DriftReading, driftKinds } from "@deploy/core";
import { frame, fromHex, readLines, wordsOf } from "../answer.ts";
import { checkBase, checkPath } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";
import { numberIn, secondsIn, toldChoice, toldRelease } from "../told.ts";
import type { DriftQuestion } from "./types.ts";

const kinds = Object.keys(driftKinds) as DriftKind[];

/** What was changed by hand on a host: in its live release, and in servers' files. Reads only, all files of the manifest; `path-unsafe` throws. */
export function drift({ base, writes }: DriftQuestion): RemoteCommand<DriftReading> {
  return {
    name: "drift",
    kind: "read",
    script: scripts.drift,
    args: [checkBase(base), ...writes.map(checkPath)],
    payload: false,
    rehearsal: frame("live -"),
    parse: (result) => readingOf(readLines("drift", result)),
  };
}

function readingOf(lines: readonly string[]): DriftReading {
  const [live] = wordsOf(lines, "live");
  const owners = new Map(
    lines.filter((line) => line.startsWith("owner ")).map((line) => ownerOf(line.split(" "))),
  );
  const drifted = lines
    .flatMap((line) => (/^(?:file|server) /.test(line) ? [driftedOf(line, owners)] : []))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
  const unknown = (["unlisted", "damaged"] as const).find((word) => lines.includes(word));
  const more = numberIn(lines.find((line) => line.startsWith("more "))?.slice(5)) ?? 0;
  return {
    release: live === "-" ? null : toldRelease(live),
    ...(unknown === undefined ? {} : { unknown }),
    drifted,
    more,
  };
}

/** A user without a name is a number. */
function ownerOf([, uid = "", name]: readonly string[]): readonly [string, string] {
  return [uid, fromHex(name) || uid];
}

/** `file KIND MODIFIED CHANGED UID PATH//MORE`; a path is any text but for a line feed, which is \001. */
function driftedOf(line: string, owners: ReadonlyMap<string, string>): Drifted {
  const [whose, kind, modified, changed, uid = ""] = line.split(" ", 5);
  const text = line.split(" ").slice(5).join(" ").replaceAll("\u0001", "\n");
  const at = whose === "server" ? -1 : text.indexOf("//");
  const [path, more] = at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 2)];
  return {
    kind: toldChoice("what became of a file", kinds, kind),
    path,
    ...(whose === "server" && { server: true as const }),
    modified: secondsIn(modified) ?? 0,
    changed: secondsIn(changed) ?? 0,
    owner: owners.get(uid) ?? "",
    more,
  };
}
