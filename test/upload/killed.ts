// A deploy in a process of its own, so that it can be killed. Settings come as JSON on stdin.
import { text } from "node:stream/consumers";
import { deployBy, type Settings } from "./deployBy.ts";

await deployBy(JSON.parse(await text(process.stdin)) as Settings);
