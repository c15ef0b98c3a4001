import {
  type ConfiguredFact,
  isReleaseName,
  type JobFacts,
  type LockFacts,
  type LockFile,
  type ReleaseFacts,
  type ReleaseState,
  type Tool,
} from "@deploy/core";
import { frame, fromHex, readLines, wordsOf } from "../answer.ts";
import { checkBase, checkCount, checkPath } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import { jobOf, stateOf } from "../job/answer.ts";
import { boundIn } from "../release/bind.ts";
import { scripts } from "../scripts.gen.ts";
import { isDigest, numberIn, secondsIn, toldRelease, toldSeconds } from "../told.ts";
import { currentOf } from "./current.ts";
import type { ProbeAnswer, ProbeQuestion } from "./types.ts";

/** Reads what is on a host and writes nothing. `path-unsafe` and `state-version` throw. */
export function probe(question: ProbeQuestion): RemoteCommand<ProbeAnswer> {
  const folders = (question.sharedDirectories ?? []).map(checkPath);
  const shared = [...question.sharedFiles.map(checkPath), ...folders.map((path) => `${path}/`)];
  return {
    name: "probe",
    kind: "read",
    script: scripts.probe,
    args: [
      checkBase(question.base),
      checkCount("a number of lines", question.journal),
      question.version ?? "-",
      ...shared,
    ],
    ask: { what: "probe", ...question },
    payload: false,
    rehearsal: frame(
      "user nobody",
      "clock 0",
      "writable 1",
      "kilobytes 0",
      "inodes 0",
      "current none - ",
      "strangers ",
      "adopted 0",
    ),
    parse: (result) => answerOf(readLines("probe", result), shared),
  };
}

function answerOf(lines: readonly string[], shared: readonly string[]): ProbeAnswer {
  const all = (key: string) =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const clock = toldSeconds("its clock", wordsOf(lines, "clock")[0]);
  return {
    user: wordsOf(lines, "user")[0] ?? "",
    tools: Object.fromEntries(all("tool").map((tool) => [tool, true])) as Partial<Record<Tool, boolean>>,
    ...versionIn("rsyncVersion", all("rsync")[0]),
    ...versionIn("gitVersion", all("git")[0]),
    freeBytes: amount(wordsOf(lines, "kilobytes")[0]) * 1024,
    freeInodes: amount(wordsOf(lines, "inodes")[0]),
    ...reclaimOf(all("reclaim")[0]),
    writable: wordsOf(lines, "writable")[0] === "1",
    ...folderOf(all("place")[0], all("source")[0]),
    ...apartOf(all("apart").map(fromHex)),
    ...tenantOf(all("tenant")[0]),
    clock,
    current: currentOf(lines),
    releases: all("release")
      .map((line) => withBackup(releaseOf(line), all("bound")))
      .map((release) => ({ ...release, ...madeIn(release.id, all("made")) }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    strangers: fromHex(wordsOf(lines, "strangers")[0]).split("\0").slice(0, -1),
    missingShared: all("missing").flatMap((index) => shared[Number(index)] ?? []),
    ...emptyOf(all("empty").flatMap((index) => shared[Number(index)]?.slice(0, -1) ?? [])),
    adopted: Number(wordsOf(lines, "adopted")[0]),
    lock: {
      ...lockOf(all("lock")[0], clock),
      ...frozenOf(all("frozen")[0]),
      ...damagedOf(all("lock")[0], all("damaged")[0]),
    },
    ...drainedOf(all("drained")[0], all("watched")[0]),
    ...heldOf(all("held")[0]),
    ...(all("maintenance").length === 0 ? {} : { maintenance: true }),
    ...floorOf(all("floor")[0]),
    ...configuredOf(all("configured")),
    ...jobsOf(all("job")),
    journal: linesIn(all("journal")[0]),
  };
}

function versionIn<Key extends "rsyncVersion" | "gitVersion">(
  key: Key,
  told: string | undefined,
): { readonly [K in Key]?: string } {
  const version = /^\d[\d.]{0,20}$/.exec(told?.trim() ?? "")?.[0] ?? "";
  return (told === undefined ? {} : { [key]: version }) as { readonly [K in Key]?: string };
}

/** What another version wrote says nothing. */
function madeIn(id: string, lines: readonly string[]): Pick<ReleaseFacts, "made"> {
  const made = lines.flatMap((line) => {
    const [release, key = "", reads = "", since = ""] = line.split(" ");
    return release === id && isDigest(key) && isDigest(reads) && isReleaseName(since)
      ? [{ key, reads, since }]
      : [];
  });
  return made.length === 0 ? {} : { made };
}

/** Damaged, it still says that the host was taken out. */
function drainedOf(line: string | undefined, watched: string | undefined): Pick<ProbeAnswer, "drained"> {
  if (line === undefined) return {};
  const [, by = "somebody", since = "a time not known"] = line.split(" ");
  const [version, , why] = (watched ?? "").split(" ");
  return { drained: { by, since, ...(version === "1" && why !== undefined ? { why: fromHex(why) } : {}) } };
}

/** What another version wrote, or is no release, says nothing: the host is late, as any that serves what nobody proved. */
function heldOf(line: string | undefined): Pick<ProbeAnswer, "held"> {
  const [version, by, since, release] = (line ?? "").split(" ");
  if (version !== "1" || by === undefined || since === undefined || !isReleaseName(release ?? "")) return {};
  return { held: { by, since, release: release ?? "" } };
}

function floorOf(line: string | undefined): Pick<ProbeAnswer, "floor"> {
  const [version, , , release = ""] = (line ?? "").split(" ");
  return version === "1" && isReleaseName(release) ? { floor: release } : {};
}

function reclaimOf(line: string | undefined): Pick<ProbeAnswer, "reclaim"> {
  const reclaim = roomOf(line);
  return reclaim === undefined ? {} : { reclaim };
}

function weightOf(line: unknown): Pick<ReleaseFacts, "weight"> {
  const weight = typeof line === "string" ? roomOf(line) : undefined;
  return weight === undefined ? {} : { weight };
}

/** An inode tells a folder within a file system: a server's export, known by its name, or a device of one boot of one machine. */
function folderOf(place = "", source = ""): Pick<ProbeAnswer, "folder"> {
  const [boot = "-", device, inode, below = ""] = place.split(" ");
  if (inode === undefined) return {};
  const served = source.includes(":") || source.startsWith("//");
  if (!served && boot === "-") return {};
  return { folder: [served ? source : `${boot} ${device}`, inode, below].join(" ") };
}

function apartOf(apart: readonly string[]): Pick<ProbeAnswer, "apart"> {
  return apart.length === 0 ? {} : { apart };
}

/** What another version wrote says nothing. */
function tenantOf(line = ""): Pick<ProbeAnswer, "tenant"> {
  const [version, app, environment, repository = "-"] = line.split(" ");
  if (version !== "1" || app === undefined || environment === undefined) return {};
  return { tenant: { app, environment, repository: repository === "-" ? "" : repository } };
}

/** From `KILOBYTES INODES`. */
function roomOf(line = "") {
  const [kilobytes, inodes] = line.split(" ").map(numberIn);
  if (kilobytes === undefined || !inodes || kilobytes > enough) return undefined;
  return { bytes: kilobytes * 1024, inodes };
}

/** A file system that does not say (btrfs counts no inodes) has no limit we know of. */
function amount(text: string | undefined): number {
  return Math.min(numberIn(text) ?? enough, enough);
}

/** In kilobytes, what no disk has: bytes of it are still counted exactly. */
const enough = Math.floor(Number.MAX_SAFE_INTEGER / 1024);

/** No record: another tool made it, and it counts as good. A record that cannot be read never does. */
function releaseOf(line: string): ReleaseFacts {
  const at = line.indexOf(" ");
  const id = toldRelease(line.slice(0, at));
  const text = line.slice(at + 1);
  if (text === "") return { id, state: "good" };
  const record = recordOf(text);
  const { manifest, commit, time, without, weight } = record;
  if (!states.has(record.state as ReleaseState)) return { id, state: "bad", unread: true };
  return {
    id,
    state: record.state as ReleaseState,
    ...(isDigest(manifest) && { manifest }),
    ...(typeof commit === "string" && /^[!-~]{1,200}$/.test(commit) && { commit }),
    ...(typeof without === "string" && without !== "" && { without: without.split(" ") }),
    ...weightOf(weight),
    ...timeOf(time),
  };
}

function timeOf(said: unknown): Pick<ReleaseFacts, "time"> {
  const time = typeof said === "number" ? secondsIn(String(said)) : undefined;
  return time === undefined ? {} : { time };
}

/** What is bound but is no backup as we write it says nothing: it is data, and decides nothing. */
function withBackup(release: ReleaseFacts, bound: readonly string[]): ReleaseFacts {
  const line = bound.find((line) => line.startsWith(`${release.id} `));
  const backup = line === undefined ? undefined : boundIn(line.slice(release.id.length + 1));
  return backup === undefined ? release : { ...release, backup };
}

const states = new Set<ReleaseState>(["partial", "ready", "active", "good", "bad"]);

function recordOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    const known = typeof value === "object" && value !== null && "schema" in value && value.schema === 1;
    return known ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function lockOf(line: string | undefined, clock: number): LockFacts {
  if (line === undefined || !isLock(line)) return { token: 0, expiresIn: 0 };
  const [, token, expiry, id = "-", ...rest] = line.split(" ");
  if (id === "-") return { token: Number(token), expiresIn: 0 };
  const [repository = "", run = "", attempt = "", actor = "", commit = "", phase = ""] = rest.map((part) =>
    part === "-" ? "" : part,
  );
  const owner = { id, repository, run, attempt, actor, commit, phase };
  return { token: Number(token), owner, expiresIn: Number(expiry) - clock };
}

/** What another version wrote is refused by whoever acts on it. */
const isLock = (line: string): boolean => /^1 \d+ \d+(?: \S+){7}$/.test(line);

function damagedOf(line: string | undefined, named = ""): Pick<LockFacts, "damaged"> {
  const state = line === undefined || isLock(line) || /^[02-9] /.test(line) ? [] : (["state"] as const);
  const files: readonly LockFile[] = [
    ...state,
    ...(["adopted", "frozen"] as const).filter((file) => named.split(" ").includes(file)),
  ];
  return files.length === 0 ? {} : { damaged: files };
}

/** REASON(hex) WHEN OWNER */
function frozenOf(line: string | undefined): Pick<LockFacts, "frozen" | "freeze"> {
  if (line === undefined) return {};
  const [reason = "", since = "-", by = "-"] = line.split(" ");
  return { frozen: fromHex(reason), ...(by === "-" ? {} : { freeze: { by, since } }) };
}

function emptyOf(paths: readonly string[]): Pick<ProbeAnswer, "emptyShared"> {
  return paths.length === 0 ? {} : { emptyShared: paths };
}

/** STATE LINES TO(hex) SHOWN(hex) */
function configuredOf(told: readonly string[]): Pick<ProbeAnswer, "configured"> {
  const configured = told.map((line): ConfiguredFact => {
    const [state, lines, to, shown] = line.split(" ");
    return {
      to: fromHex(to),
      state: state === "gone" || state === "unread" ? state : "differs",
      lines: numberIn(lines) ?? 0,
      shown: linesIn(shown),
    };
  });
  return configured.length === 0 ? {} : { configured };
}

/** Of a text in hex, those that are not empty. */
const linesIn = (hex: string | undefined): readonly string[] =>
  fromHex(hex)
    .split("\n")
    .filter((line) => line !== "");

function jobsOf(lines: readonly string[]): { readonly jobs?: readonly JobFacts[] } {
  const jobs = lines.map((line) => {
    const [id, state, exit, release = ""] = line.split(" ");
    const code = numberIn(exit);
    return {
      id: jobOf(id),
      state: stateOf(state),
      ...(code === undefined ? {} : { code }),
      release: isReleaseName(release) ? release : "",
    };
  });
  return jobs.length === 0 ? {} : { jobs };
}
