import { binSh } from "./host.ts";
import { backupSuite } from "./suites/backup.ts";
import { bindSuite } from "./suites/bind.ts";
import { bridgeSuite } from "./suites/bridge.ts";
import { bridgeHostileSuite } from "./suites/bridgeHostile.ts";
import { flipSuite } from "./suites/flip.ts";
import { lockSuite } from "./suites/lock.ts";
import { prepareSuite } from "./suites/prepare.ts";
import { probeSuite } from "./suites/probe.ts";
import { runSuite } from "./suites/run.ts";

// The system's own shell, so that every change meets a real one; the matrix is in shells.parts.test.ts.
probeSuite(binSh);
lockSuite(binSh, 8);
prepareSuite(binSh);
bridgeSuite(binSh, 1000);
bridgeHostileSuite(binSh);
runSuite(binSh);
flipSuite(binSh);
backupSuite(binSh);
bindSuite(binSh);
