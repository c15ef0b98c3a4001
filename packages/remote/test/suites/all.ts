import type { Shell } from "../host.ts";
import { armedSuite } from "./armed.ts";
import { backupSuite } from "./backup.ts";
import { bindSuite } from "./bind.ts";
import { bridgeSuite } from "./bridge.ts";
import { bridgeHostileSuite } from "./bridgeHostile.ts";
import { carrySuite } from "./carry.ts";
import { configureSuite } from "./configure.ts";
import { driftSuite } from "./drift.ts";
import { examineSuite } from "./examine.ts";
import { execSuite } from "./exec.ts";
import { flipSuite } from "./flip.ts";
import { jobSuite } from "./job.ts";
import { jobEndsSuite } from "./jobEnds.ts";
import { leaseSuite } from "./lease.ts";
import { lockSuite } from "./lock.ts";
import { marksSuite } from "./marks.ts";
import { planKeySuite } from "./planKey.ts";
import { probeSuite } from "./probe.ts";
import { receiveSuite } from "./receive.ts";
import { recentSuite } from "./recent.ts";
import { removeSuite } from "./remove.ts";
import { rsyncSuite } from "./rsync.ts";
import { runSuite } from "./run.ts";
import { takeoverSuite } from "./takeover.ts";

export type Suite = (shell: Shell) => void;

/** Every script that makes, keeps or switches a release. */
export const releaseSuites: readonly Suite[] = [
  probeSuite,
  examineSuite,
  driftSuite,
  planKeySuite,
  leaseSuite,
  lockSuite,
  receiveSuite,
  marksSuite,
  bridgeSuite,
  bridgeHostileSuite,
  rsyncSuite,
  runSuite,
  execSuite,
  carrySuite,
  flipSuite,
  removeSuite,
  recentSuite,
  armedSuite,
  backupSuite,
  bindSuite,
  configureSuite,
];

/** Every script of a durable job. */
export const jobSuites: readonly Suite[] = [jobSuite, jobEndsSuite, takeoverSuite];
