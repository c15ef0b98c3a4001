import { binSh } from "./host.ts";
import { releaseSuites } from "./suites/all.ts";

// The system's own shell, so that every change meets a real one; others are in shells/.
for (const suite of releaseSuites) suite(binSh);
