import { existsSync } from "node:fs";
import { needs } from "@deploy/testkit";
import { test } from "@jest/globals";
import type { Shell } from "./host.ts";
import { fetchlessSuite, fetchSuite } from "./suites/fetch.ts";

const curl = { curl: "/usr/bin/curl" };
const gnuWget = { wget: "/usr/bin/wget" };
const dash: Shell = { name: "dash with GNU tools", sh: "/usr/bin/dash", without: ["curl"] };
const bash: Shell = { name: "bash (posix, as sh) with GNU tools", sh: "/usr/bin/bash", without: ["curl"] };
const busybox: Shell = { name: "BusyBox ash with BusyBox tools", sh: "/usr/bin/busybox", busybox: true };

needs(
  "curl",
  "busybox",
  "bash",
  "dash",
)("fetch", () => {
  fetchSuite({ ...dash, programs: curl }, "curl");
  fetchSuite({ ...bash, programs: curl }, "curl", true);
  fetchSuite({ ...busybox, programs: curl }, "curl");
  fetchlessSuite({ ...dash, name: "dash without curl and wget" });
  fetchlessSuite({ ...busybox, name: "BusyBox with its own wget", programs: { wget: "/usr/bin/busybox" } });
  if (!existsSync(gnuWget.wget)) {
    if (process.env.CI === "true") throw new Error(`${gnuWget.wget} is not installed`);
    test.skip(`${gnuWget.wget} is not installed`, () => undefined);
    return;
  }
  fetchSuite({ ...dash, programs: gnuWget }, "wget");
  fetchSuite({ ...busybox, programs: gnuWget }, "wget", true);
});
