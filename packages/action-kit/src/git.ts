import type { Secret } from "@deploy/core";
import type { InputReader } from "./reader.ts";

export interface GitAccess {
  readonly key?: Secret;
  readonly token?: Secret;
}

/** What hosts fetch a commit with; what they have themselves where nothing is given. */
export function readGitAccess(read: InputReader): GitAccess {
  const key = read.secret("git-key");
  const token = read.secret("git-token");
  return { ...(key === undefined ? {} : { key }), ...(token === undefined ? {} : { token }) };
}
