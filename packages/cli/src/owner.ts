import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import type { LockOwner } from "@deploy/core";

export interface Who {
  readonly user: string;
  readonly machine: string;
  readonly commit: string;
  readonly phase: string;
  /** Names the process while it lives: `4242.1f0a9b3c`, see `processMark`. */
  readonly process: string;
  /** Unique per run: the lock's owner is this run and no other of the same person. */
  readonly nonce: string;
}

/** Who holds the lock when a person deploys from a laptop. */
export function laptopOwner(who: Who): LockOwner {
  const actor = word(`${who.user}@${who.machine}`);
  return {
    id: `laptop:${actor}:${word(who.process)}:${word(who.nonce)}`,
    repository: "",
    run: "",
    attempt: "",
    actor,
    commit: word(who.commit),
    phase: word(who.phase),
  };
}

/** A process id, and what it counts in: this boot and namespace. Machines of one name that are two differ in it. */
export function processMark(pid: number): string {
  let ground = "";
  try {
    ground = readFileSync("/proc/sys/kernel/random/boot_id", "utf8") + readlinkSync("/proc/self/ns/pid");
  } catch {
    // Not Linux: there the machine's name has to do.
  }
  return `${pid}.${createHash("sha256").update(ground).digest("hex").slice(0, 8)}`;
}

/**
 * Whether the process that holds a lock is dead: known only of one of the same person on this machine, in this boot. What is not
 * known is no.
 */
export function isDeadHere(
  who: Pick<Who, "user" | "machine">,
  lives: (pid: number) => boolean,
): (owner: LockOwner) => boolean {
  const own = `laptop:${word(`${who.user}@${who.machine}`)}:`;
  return ({ id }) => {
    const [mark = ""] = id.startsWith(own) ? id.slice(own.length).split(":") : [];
    const pid = Number(/^(\d+)\./.exec(mark)?.[1] ?? 0);
    return pid > 0 && mark === processMark(pid) && !lives(pid);
  };
}

export function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** A lock's state file is one line of words: anything else becomes a dash. */
function word(text: string): string {
  return text.replace(/[^A-Za-z0-9._:/@+-]/g, "-");
}
