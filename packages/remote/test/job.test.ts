import { binSh } from "./host.ts";
import { jobSuite } from "./suites/job.ts";
import { jobEndsSuite } from "./suites/jobEnds.ts";
import { takeoverSuite } from "./suites/takeover.ts";

jobSuite(binSh, 8);
jobEndsSuite(binSh);
takeoverSuite(binSh);
