import type { LockOwner } from "@deploy/core";

export interface Who {
  readonly user: string;
  readonly machine: string;
  readonly commit: string;
  readonly phase: string;
  /** Unique per run: the lock's owner is this run and no other of the same person. */
  readonly nonce: string;
}

/** Who holds the lock when a person deploys from a laptop. */
export function laptopOwner(who: Who): LockOwner {
  const actor = word(`${who.user}@${who.machine}`);
  return {
    id: `laptop:${actor}:${word(who.nonce)}`,
    repository: "",
    run: "",
    attempt: "",
    actor,
    commit: word(who.commit),
    phase: word(who.phase),
  };
}

/** A lock's state file is one line of words: anything else becomes a dash. */
function word(text: string): string {
  return text.replace(/[^A-Za-z0-9._:/@+-]/g, "-");
}
