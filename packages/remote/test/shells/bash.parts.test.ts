import { shareOf } from "@deploy/testkit";
import { bash, withShell } from "../shells.ts";
import { jobSuites, releaseSuites } from "../suites/all.ts";
import { crowdSuite } from "../suites/crowd.ts";

withShell(bash, (shell) => {
  for (const suite of shareOf([...releaseSuites, ...jobSuites], 4)) suite(shell);
  crowdSuite(shell, { racers: 8, files: 300 });
});
