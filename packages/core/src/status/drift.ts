import { makeProblem, type Problem } from "../errors.ts";
import { count, quote } from "../plan/words.ts";
import { cleanLine } from "../report/clean.ts";
import { words } from "../report/markdown.ts";

/** How a file is not as it was sent, or written. */
export const driftKinds = {
  changed: "was changed",
  mode: "has another mode",
  link: "leads elsewhere",
  kind: "is of another kind",
  gone: "is gone",
  extra: "was added",
  unread: "cannot be read by the login",
  differs: "was changed",
} as const;
export type DriftKind = keyof typeof driftKinds;

/** A file of the live release, or of a server's, that somebody wrote by hand. */
export interface Drifted {
  readonly kind: DriftKind;
  /** Within the release, or where a server's file stands. Data: any name there is. */
  readonly path: string;
  /** A server's file, of `configure`. */
  readonly server?: true;
  /** Seconds since 1970 by the host: what the file itself says, and when the host last changed it, which no program can set. Of what is gone: its folder's. */
  readonly modified: number;
  readonly changed: number;
  /** Whose it is by now; "" where nobody can tell. */
  readonly owner: string;
  /** Where it leads, what it is, or both modes. */
  readonly more: string;
}

/** What one host said of its live release. */
export interface DriftReading {
  /** null: nothing is live. */
  readonly release: string | null;
  /** Why its files cannot be compared: another tool made it, or its manifest is not as it was written. */
  readonly unknown?: "unlisted" | "damaged";
  readonly drifted: readonly Drifted[];
  /** Files beyond those named. */
  readonly more: number;
}

export type HostDrift =
  | ({ readonly host: string; readonly reached: true } & DriftReading)
  | { readonly host: string; readonly reached: false; readonly why: string };

/** Whether every host was compared, and nothing was changed by hand. */
export function isAsSent(drift: readonly HostDrift[]): boolean {
  return drift.every((one) => one.reached && one.unknown === undefined && one.drifted.length === 0);
}

const unknownWords = {
  unlisted: "was made by another tool: there is nothing to compare its files with",
  damaged: "has a manifest that is not as it was written: nothing can be compared with it",
} as const;

/** A sentence for each file, with host, time and owner; none where all is as it was sent. `most`: of one host. */
export function driftWords(drift: readonly HostDrift[], most?: number): readonly string[] {
  return drift.flatMap((one) => sentences(one, most).map((text) => cleanLine(`${one.host}: ${text}`)));
}

/** What fails a look at a fleet in which something was changed by hand; some files of each host are named. */
export function driftProblems(drift: readonly HostDrift[]): readonly Problem[] {
  return drift.flatMap((one) =>
    sentences(one, 10).map((text) =>
      makeProblem("changed-by-hand", cleanLine(text), { place: { host: one.host } }),
    ),
  );
}

/** The same as a part of a page; nothing where all is as it was sent. */
export function driftMarkdown(drift: readonly HostDrift[]): readonly string[] {
  const found = driftWords(drift, 50).map((line) => `- ${words(line)}`);
  return found.length === 0 ? [] : ["", "**Changed by hand**", "", ...found];
}

function sentences(one: HostDrift, most = Number.POSITIVE_INFINITY): readonly string[] {
  if (!one.reached) return [`its files could not be compared: ${one.why}`];
  const { release, unknown, drifted } = one;
  const more = one.more + Math.max(0, drifted.length - most);
  return [
    ...(unknown === undefined ? [] : [`release ${release} ${unknownWords[unknown]}`]),
    ...drifted.slice(0, most).map(fileWords),
    ...(more === 0 ? [] : [`${count(more, "more file")} not as sent`]),
  ];
}

function fileWords({ kind, path, modified, changed, owner, more }: Drifted): string {
  const what = more === "" ? "" : ` (${kind === "link" ? quote(more) : more})`;
  const where =
    kind === "gone" ? "by a change of its folder" : owner === "" ? "" : `, it belongs to ${owner}`;
  const when = changed === 0 ? "" : ` at ${timeOf(changed)}`;
  // Who copies with times brings old ones along.
  const written = kind === "changed" || kind === "extra" || kind === "differs";
  const own = written && changed - modified > 1 ? `, its own time is ${timeOf(modified)}` : "";
  return `${quote(path)} ${driftKinds[kind]}${what}${when}${kind === "gone" ? ` ${where}` : where}${own}`;
}

function timeOf(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
