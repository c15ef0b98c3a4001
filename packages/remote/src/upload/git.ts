import { DeployError } from "@deploy/core";
import { frame, readLines, wordsOf } from "../answer.ts";
import { checkRelease, fenceArgs } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import type { Fence } from "../fence.ts";
import { scripts } from "../scripts.gen.ts";
import { toldNumber } from "../told.ts";

export interface GitStageOptions {
  readonly fence: Fence;
  readonly release: string;
  /** Full hash. */
  readonly commit: string;
  /** An https, http or ssh URL, or `user@host:path`. */
  readonly repository: string;
  /** Lines of a known_hosts file: how the git server is known over ssh. */
  readonly hostKeys: readonly string[];
  /** What the payload is: a private key, a token, or nothing (the host's own login, or a public repository). */
  readonly access: "key" | "token" | "none";
}

/** `bytes` came from the git server; `kept` are bytes of files that were there. `manifest`: the files, as lines of one. */
export interface GitStaged {
  readonly bytes: number;
  readonly kept: number;
  readonly manifest: string;
}

/**
 * The host fetches one commit, and writes its files as they are in git into the staging folder, where `receive` takes what the manifest
 * wants (`source: "git"`). About 100 bytes a file: give `exec` a `capture` that fits. Throws `git-access`, `git-commit-missing`,
 * `git-failed`, `git-host-key`, `git-refused`, `disk-full`, `lock-busy`, `fenced`, `path-unsafe`, `tool-missing`.
 */
export function gitStage(options: GitStageOptions): RemoteCommand<GitStaged> {
  const { fence, release, commit, repository, hostKeys, access } = options;
  return {
    name: "git fetch",
    kind: "idempotent",
    script: scripts.git,
    args: [
      ...fenceArgs(fence),
      checkRelease(release),
      checkCommit(commit),
      repository,
      access,
      ...hostKeys.map(checkLine),
    ],
    payload: true,
    rehearsal: frame("fetched 0 0"),
    parse: (result) => stagedOf(readLines("git fetch", result)),
  };
}

function checkCommit(commit: string): string {
  if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) return commit;
  throw new DeployError("git-commit-missing", "which commit is deployed is not known", {
    hint: "Deploy from a checkout that is a git repository, or choose another `upload: method:`.",
  });
}

function checkLine(line: string): string {
  if (/^[ -~]{1,4000}$/.test(line)) return line;
  throw new DeployError("argument-refused", "a line of upload.host-keys holds an odd character");
}

function stagedOf(lines: readonly string[]): GitStaged {
  const [bytes, kept] = wordsOf(lines, "fetched");
  const files = lines.filter((line) => line.startsWith("f\t"));
  return {
    bytes: toldNumber("fetched bytes", bytes),
    kept: toldNumber("kept bytes", kept),
    manifest: files.map((line) => `${line}\n`).join(""),
  };
}
