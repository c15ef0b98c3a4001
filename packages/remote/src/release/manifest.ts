import { createHash } from "node:crypto";
import { DeployError } from "@deploy/core";
import { frame, readLines, wordsOf } from "../answer.ts";
import { checkBase, checkRelease } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";
import type { ManifestQuestion } from "./types.ts";

const empty = createHash("sha256").digest("hex");

/**
 * The manifest's text as stored on the host, checked against the digest in the release's record. About 100 bytes
 * a file: give `exec` a `capture` that fits. Throws `manifest-missing` (another tool's release) or `manifest-damaged`.
 */
export function manifestOf({ base, release }: ManifestQuestion): RemoteCommand<string> {
  return {
    name: "manifest",
    kind: "read",
    script: scripts.manifest,
    args: [checkBase(base), checkRelease(release)],
    ask: { what: "manifest", base, release },
    payload: false,
    rehearsal: frame(`digest ${empty}`),
    parse: (result) => textOf(release, readLines("manifest", result)),
  };
}

function textOf(release: string, lines: readonly string[]): string {
  const [digest] = wordsOf(lines, "digest");
  const text = lines
    .slice(1)
    .map((line) => `${line}\n`)
    .join("");
  const found = createHash("sha256").update(text).digest("hex");
  if (found === digest) return text;
  throw new DeployError(
    "manifest-damaged",
    `the manifest of ${release} has SHA-256 ${found}, recorded is ${digest}`,
  );
}
