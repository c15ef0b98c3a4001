import { readdirSync, readFileSync } from "node:fs";

/** Carried in the environment of everything a test server starts, so that its leftovers are known as ours. */
export const marker = "DEPLOY_TESTKIT_HOST";

/** Sends a signal to a process, or to a group when negative; false if there is none (any more). */
export function signalTo(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Whether a process runs; one that only waits to be reaped does not. */
export function isRunning(pid: number): boolean {
  return signalTo(pid, 0) && fieldOf(pid, 0) !== "Z";
}

/** Pids whose environment carries this mark: also those that left their process group. Linux only, else none. */
export function markedProcesses(mark: string): number[] {
  const wanted = `${marker}=${mark}`;
  return pids().filter((pid) => readProc(pid, "environ").split("\0").includes(wanted));
}

/** Direct and indirect children. Linux only, else none. */
export function descendantsOf(pid: number): number[] {
  const parents = pids().map((child) => [child, parentOf(child)] as const);
  const found = [pid];
  for (const parent of found) {
    found.push(...parents.filter(([, of]) => of === parent).map(([child]) => child));
  }
  return found.slice(1);
}

/** The words of its command line; none where it is over. Linux only. */
export const commandOf = (pid: number): readonly string[] => readProc(pid, "cmdline").split("\0");

function parentOf(pid: number): number {
  return Number(fieldOf(pid, 1));
}

// Counted from the state, behind the command's name, which may hold anything.
function fieldOf(pid: number, index: number): string | undefined {
  const stat = readProc(pid, "stat");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[index];
}

function pids(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "latin1");
  } catch {
    return "";
  }
}
