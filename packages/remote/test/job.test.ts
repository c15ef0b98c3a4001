import { binSh } from "./host.ts";
import { jobSuites } from "./suites/all.ts";
import { crowdSuite } from "./suites/crowd.ts";

for (const suite of jobSuites) suite(binSh);
crowdSuite(binSh, { racers: 8, files: 300 });
