import { busybox, withShell } from "../shells.ts";
import { releaseSuites } from "../suites/all.ts";

withShell(busybox, releaseSuites);
