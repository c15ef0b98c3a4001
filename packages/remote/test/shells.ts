import { existsSync, realpathSync } from "node:fs";
import { test } from "@jest/globals";
import type { Shell } from "./host.ts";

/**
 * Between them every script meets each shell (dash, bash, ash), each userland (GNU, BusyBox), each awk and each mutex. A pair
 * of two of them is not run where another run has both: /bin/sh, which scripts.test.ts and job.test.ts run, is one of them.
 */
export const dash: Shell = { name: "dash with GNU tools", sh: "/usr/bin/dash" };
export const dashWithoutFlock: Shell = { ...dash, name: "dash without flock", without: ["flock"] };
export const busybox: Shell = {
  name: "BusyBox ash with BusyBox tools",
  sh: "/usr/bin/busybox",
  busybox: true,
};
const gnuBash: Shell = { name: "bash (posix, as sh) with GNU tools", sh: "/usr/bin/bash" };
/** With Debian's own awk where it is there; /bin/sh is run with the awk of this machine. */
export const bash: Shell = existsSync("/usr/bin/mawk")
  ? { ...gnuBash, name: `${gnuBash.name} and mawk`, programs: { awk: "/usr/bin/mawk" } }
  : gnuBash;

/** Whether /bin/sh is this shell. */
export const isBinSh = ({ sh }: Shell): boolean =>
  existsSync(sh) && realpathSync("/bin/sh") === realpathSync(sh);

/** Runs suites with this shell: skipped where it is not installed, but in CI, where everything must be. */
export function withShell(shell: Shell, suites: (shell: Shell) => void): void {
  if (existsSync(shell.sh)) suites(shell);
  else if (process.env.CI === "true") throw new Error(`${shell.sh} is not installed`);
  else test.skip(`${shell.sh} is not installed`, () => undefined);
}
