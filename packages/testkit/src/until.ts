import { setTimeout as pause } from "node:timers/promises";

/** Milliseconds. It ends a hang, and judges nobody's speed. */
const patience = 120_000;

/** Resolves once the fact holds; rejects, with `what` was waited for, when it never does. */
export async function until(what: string, fact: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + patience;
  while (!(await fact())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await pause(20);
  }
}
