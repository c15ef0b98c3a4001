import { shareOf } from "@deploy/testkit";
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

// The mutex of folders: what takes it, waits for it or is kept out by it; half of that each day. BusyBox of Debian has no
// flock either, and runs all. Fewer at once: who asks again and again has to come in within the host's 24 seconds.
withShell(dashWithoutFlock, (shell) => {
  crowdSuite(shell, { racers: 16 });
  for (const suite of shareOf([lockSuite, flipSuite, jobSuite, takeoverSuite], 2)) suite(shell);
});
