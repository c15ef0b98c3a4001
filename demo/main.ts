// `npm run demo`: three ssh servers on loopback, a shop, and the real `deploy` command. Everything it makes is
// below demo/.work and gone at the end; `--keep` leaves the folder to look around in.
import { join } from "node:path";
import { BrokenPromise, tell } from "./story.ts";
import { openWorld } from "./world.ts";

if (process.platform !== "linux") {
  console.error(
    `The demo starts servers as Linux has them: run it on Linux or in WSL. This is ${process.platform}.`,
  );
  process.exit(1);
}
const keep = process.argv.includes("--keep");
const controller = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => controller.abort());
const started = performance.now();

/** Also into a closed pipe (`npm run demo | head`): the demo ends, and tidies up. */
process.stdout.on("error", () => controller.abort());
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const world = await openWorld(join(import.meta.dirname, ".work"));
try {
  await tell({ world, say, signal: controller.signal });
  say(closing((performance.now() - started) / 1000));
} catch (error) {
  process.exitCode = controller.signal.aborted ? 130 : 1;
  const reason = error instanceof BrokenPromise ? error.message : error;
  if (controller.signal.aborted) say("\nInterrupted: stopping the servers.");
  else console.error("\nThe demo did not go as told:", reason);
} finally {
  await world.close({ keep });
}

function closing(seconds: number): string {
  const where = keep ? "Everything it made is in demo/.work." : "Nothing is left of it.";
  return `
That took ${seconds.toFixed(1)} s. ${where} Next:
  npm run demo -- --keep                          the same, and the servers' folders stay in demo/.work
  npm run deploy -- help                          the command you just saw
  npm --prefix "${join(import.meta.dirname, "..")}" run deploy -- init     in your own repository: config and workflows`;
}
