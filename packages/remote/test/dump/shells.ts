import { existsSync } from "node:fs";
import type { Shell } from "../host.ts";

/** The shells of ../shells/ that are installed. Throws for a missing one under CI=true. */
export const shells: readonly Shell[] = [
  { name: "dash with GNU tools", sh: "/usr/bin/dash" },
  { name: "bash (posix, as sh) with GNU tools", sh: "/usr/bin/bash" },
  { name: "BusyBox ash with BusyBox tools", sh: "/usr/bin/busybox", busybox: true },
].filter((shell) => {
  if (existsSync(shell.sh)) return true;
  if (process.env.CI === "true") throw new Error(`${shell.sh} is not installed`);
  return false;
});
