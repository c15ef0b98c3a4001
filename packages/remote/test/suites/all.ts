import type { Shell } from "../host.ts";
import { armedSuite } from "./armed.ts";
import { backupSuite } from "./backup.ts";
import { bindSuite } from "./bind.ts";
import { bridgeSuite } from "./bridge.ts";
import { bridgeHostileSuite } from "./bridgeHostile.ts";
import { flipSuite } from "./flip.ts";
import { jobSuite } from "./job.ts";
import { jobEndsSuite } from "./jobEnds.ts";
import { lockSuite } from "./lock.ts";
import { probeSuite } from "./probe.ts";
import { receiveSuite } from "./receive.ts";
import { recentSuite } from "./recent.ts";
import { rsyncSuite } from "./rsync.ts";
import { runSuite } from "./run.ts";
import { takeoverSuite } from "./takeover.ts";

/** Every script that makes, keeps or switches a release. */
export function releaseSuites(shell: Shell): void {
  probeSuite(shell);
  lockSuite(shell);
  receiveSuite(shell);
  bridgeSuite(shell);
  bridgeHostileSuite(shell);
  rsyncSuite(shell);
  runSuite(shell);
  flipSuite(shell);
  recentSuite(shell);
  armedSuite(shell);
  backupSuite(shell);
  bindSuite(shell);
}

/** Every script of a durable job. */
export function jobSuites(shell: Shell): void {
  jobSuite(shell);
  jobEndsSuite(shell);
  takeoverSuite(shell);
}
