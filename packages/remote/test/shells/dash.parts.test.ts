import { dash, dashWithoutFlock, isBinSh, withShell } from "../shells.ts";
import { jobSuites, releaseSuites } from "../suites/all.ts";
import { crowdSuite } from "../suites/crowd.ts";
import { flipSuite } from "../suites/flip.ts";
import { jobSuite } from "../suites/job.ts";
import { lockSuite } from "../suites/lock.ts";
import { takeoverSuite } from "../suites/takeover.ts";

withShell(dash, (shell) => {
  crowdSuite(shell, { racers: 50, files: 3000 });
  if (isBinSh(shell)) return;
  for (const suite of [...releaseSuites, ...jobSuites]) suite(shell);
});

// The mutex of folders: what takes it, waits for it or is kept out by it. BusyBox of Debian has no flock either, and runs all.
withShell(dashWithoutFlock, (shell) => {
  crowdSuite(shell, { racers: 50, files: 1000 });
  lockSuite(shell);
  flipSuite(shell);
  jobSuite(shell);
  takeoverSuite(shell);
});
