#!/usr/bin/env node
// The executable edge: the only place that knows the process.
import module from "node:module";
import { ownCache } from "./caches.ts";
import { deskOf } from "./terminal.ts";

// What Node compiles of us is kept for the next start; Node 20 cannot.
const compiled = ownCache(process.env, "compiled");
if (compiled !== undefined) module.enableCompileCache?.(compiled);
const { main } = await import("./program.ts");

const controller = new AbortController();
let interrupts = 0;
let done = false;
let words = "Cancelling: what runs now is ended or finished, and told. Once more to leave at once.";

/** The first Ctrl-C ends the run in order (read back, tell, unlock); the second does not wait. */
function interrupt(): void {
  // What is told is told: nothing that still waits may keep it.
  if (done) process.exit();
  interrupts += 1;
  if (interrupts > 1) process.exit(130);
  process.stderr.write(`\n${words}\n`);
  controller.abort();
}

process.on("SIGINT", interrupt);
process.on("SIGTERM", interrupt);

/** Whoever read us (`deploy status | head -1`) has read enough: nothing is wrong, and the work is not stopped by it. */
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });

/** `npm run deploy` starts in its own folder; what is meant is the folder npm was called in. */
const calledIn = process.env.npm_lifecycle_event === "deploy" ? process.env.INIT_CWD : undefined;

process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  terminal: deskOf(process.stdin, process.stdout, process.env.TERM),
  env: process.env,
  cwd: calledIn ?? process.cwd(),
  signal: controller.signal,
  sayAtInterrupt: (text) => {
    words = text;
  },
});
done = true;
