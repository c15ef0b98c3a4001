import { type Bridge, DeployError, type Tenant } from "@deploy/core";
import { frame, readLines } from "../answer.ts";
import {
  checkCount,
  checkDigest,
  checkPath,
  checkRelease,
  checkWord,
  fenceArgs,
  releaseOrNone,
  toWord,
} from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";
import type { Received, ReceiveOptions } from "./types.ts";

/**
 * Makes a release, invisibly, from the stream on stdin. A release that is there already and whole is left alone;
 * one that is partial or bad, and not live, is made again. Throws `base-changed` where files of `from` cannot be
 * reused: the caller then sends everything (`from: null`).
 */
export function receive(options: ReceiveOptions): RemoteCommand<Received> {
  const { directories, files } = options.shared;
  return {
    // As people know it from what a dry run tells.
    name: "prepare",
    kind: "idempotent",
    script: scripts.receive,
    args: [
      ...fenceArgs(options.fence),
      checkRelease(options.release),
      checkDigest(options.manifest),
      checkCount("a number of files", options.files),
      releaseOrNone(options.from),
      touchTime(options.mtime),
      options.ready ? "1" : "0",
      record(options),
      /^[0-9a-f]+$/.test(options.commit) ? options.commit : options.release,
      ...bridgeArgs(options.bridge),
      options.unchanged ?? "copy",
      options.verify ?? "changed",
      options.encoding ?? "gzip",
      sourceOf(options),
      tenantWords(options.tenant),
      String(directories.length),
      ...[...directories, ...files].map(checkPath),
    ],
    ask: { what: "receive", ...options },
    payload: true,
    rehearsal: frame(`received ${options.ready ? "ready" : "partial"}`),
    parse: (result) => receivedOf(readLines("prepare", result)),
  };
}

function sourceOf({ source = "stream", limit }: ReceiveOptions): string {
  return source === "url" ? `url:${checkCount("a number of bytes", limit ?? 0)}` : source;
}

/** A line of words, as the script keeps it. */
function tenantWords({ app, environment, repository }: Tenant): string {
  const words = [checkWord("an app", app), checkWord("an environment", environment), toWord(repository)];
  return words.join(" ");
}

function bridgeArgs(bridge: Bridge | undefined): readonly string[] {
  if (bridge === undefined) return ["0", "-"];
  const { folder, releases } = bridge;
  return [checkCount("a number of releases", releases), folder === "." ? folder : checkPath(folder)];
}

function receivedOf(lines: readonly string[]): Received {
  const [status, state] = lines.find((line) => /^(received|already) /.test(line))?.split(" ") ?? [];
  if (status === "received" || status === "already") {
    return { status, state: state === "partial" ? "partial" : "ready", ...bridgedOf(lines) };
  }
  throw new DeployError("answer-unreadable", "prepare did not say what it did");
}

function bridgedOf(lines: readonly string[]): Pick<Received, "bridged"> {
  const [, files, skipped] =
    lines.map((line) => /^bridged (\d{1,15}) (\d{1,15})$/.exec(line)).find(Boolean) ?? [];
  return files === undefined ? {} : { bridged: { files: Number(files), skipped: Number(skipped) } };
}

/** `[[CC]YY]MMDDhhmm.SS` in UTC, as `touch -t` reads it. */
export function touchTime(seconds: number): string {
  const digits = new Date(Number(checkCount("a time", seconds)) * 1000)
    .toISOString()
    .replaceAll(/[-:T]/g, "");
  return `${digits.slice(0, 12)}.${digits.slice(12, 14)}`;
}

/** The inside of a JSON object in ASCII, so that the script only has to print it. */
function record({ artifact, commit, run, mtime, without = [] }: ReceiveOptions): string {
  const left = without.length === 0 ? {} : { without: without.join(" ") };
  const json = JSON.stringify({ artifact, commit, run, time: mtime, ...left }).slice(1, -1);
  return json.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
