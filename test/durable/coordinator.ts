// A deploy run in a process of its own, so that a test can stall, cancel or kill it. Settings come as JSON on stdin;
// every event, and in the end the report, is one line of JSON on stdout.
import { text } from "node:stream/consumers";
import { type RunSettings, runDeploy } from "./run.ts";

const settings = JSON.parse(await text(process.stdin)) as RunSettings;
const cancel = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => cancel.abort());

const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const report = await runDeploy(settings, (event) => say({ event }), cancel.signal);
say({ report });
