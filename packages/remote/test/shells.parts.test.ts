import { existsSync } from "node:fs";
import { test } from "@jest/globals";
import type { Shell } from "./host.ts";
import { backupSuite } from "./suites/backup.ts";
import { bindSuite } from "./suites/bind.ts";
import { bridgeSuite } from "./suites/bridge.ts";
import { bridgeHostileSuite } from "./suites/bridgeHostile.ts";
import { flipSuite } from "./suites/flip.ts";
import { jobSuite } from "./suites/job.ts";
import { jobEndsSuite } from "./suites/jobEnds.ts";
import { lockSuite } from "./suites/lock.ts";
import { prepareSuite } from "./suites/prepare.ts";
import { probeSuite } from "./suites/probe.ts";
import { runSuite } from "./suites/run.ts";
import { takeoverSuite } from "./suites/takeover.ts";

const shells: readonly Shell[] = [
  { name: "dash with GNU tools", sh: "/usr/bin/dash" },
  { name: "bash (posix, as sh) with GNU tools", sh: "/usr/bin/bash" },
  { name: "dash without flock", sh: "/usr/bin/dash", without: ["flock"] },
  { name: "BusyBox ash with BusyBox tools", sh: "/usr/bin/busybox", busybox: true },
];

/** Debian's own awk, where this machine has another one. */
const mawk: Shell = { name: "dash with mawk", sh: "/usr/bin/dash", programs: { awk: "/usr/bin/mawk" } };
if (existsSync("/usr/bin/mawk")) {
  prepareSuite(mawk);
  bridgeSuite(mawk, 1000);
  bridgeHostileSuite(mawk);
}

for (const shell of shells) {
  if (!existsSync(shell.sh)) {
    if (process.env.CI === "true") throw new Error(`${shell.sh} is not installed`);
    test.skip(`${shell.sh} is not installed`, () => undefined);
    continue;
  }
  probeSuite(shell);
  lockSuite(shell, 50);
  prepareSuite(shell);
  bridgeSuite(shell, shell.name === "dash with GNU tools" ? 10_000 : 1000);
  bridgeHostileSuite(shell);
  runSuite(shell);
  flipSuite(shell);
  backupSuite(shell);
  bindSuite(shell);
  jobSuite(shell, 50);
  jobEndsSuite(shell);
  takeoverSuite(shell);
}
