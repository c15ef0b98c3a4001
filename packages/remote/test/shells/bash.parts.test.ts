import { bash, withShell } from "../shells.ts";
import { jobSuites, releaseSuites } from "../suites/all.ts";
import { crowdSuite } from "../suites/crowd.ts";

withShell(bash, (shell) => {
  releaseSuites(shell);
  jobSuites(shell);
  crowdSuite(shell, { racers: 8, files: 1000 });
});
