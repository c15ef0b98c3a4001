import { existsSync } from "node:fs";
import { shareOf } from "@deploy/testkit";
import type { Shell } from "../host.ts";

const others: readonly Shell[] = [
  { name: "bash (posix, as sh) with GNU tools", sh: "/usr/bin/bash" },
  { name: "BusyBox ash with BusyBox tools", sh: "/usr/bin/busybox", busybox: true },
];

/** Of the shells of ../shells/ dash, and one of the others each day, where they are installed. Throws for a missing one under CI=true. */
export const shells: readonly Shell[] = [
  { name: "dash with GNU tools", sh: "/usr/bin/dash" },
  ...shareOf(others, 2),
].filter((shell) => {
  if (existsSync(shell.sh)) return true;
  if (process.env.CI === "true") throw new Error(`${shell.sh} is not installed`);
  return false;
});
