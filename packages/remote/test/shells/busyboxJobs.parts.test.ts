import { busybox, withShell } from "../shells.ts";
import { jobSuites } from "../suites/all.ts";
import { crowdSuite } from "../suites/crowd.ts";

withShell(busybox, (shell) => {
  jobSuites(shell);
  crowdSuite(shell, { racers: 8, files: 1000 });
});
