import { few, roughly, type Step } from "@deploy/core";
import type { Context } from "../context.ts";

/** Milliseconds between two words on who is not done. */
const every = 10_000;

/** Names the hosts that are waited for, every ten seconds, until `work` is over; it says which of them have ended. */
export async function waitingFor<T>(
  { control: { clock, events } }: Context,
  { step, hosts }: Pick<Step, "step" | "hosts">,
  work: (end: (host: string) => void) => Promise<T>,
): Promise<T> {
  const left = new Set(hosts);
  const over = new AbortController();
  const began = clock.now();
  const tell = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(every, over.signal);
      if (over.signal.aborted) return;
      const names = few([...left], 5);
      if (left.size > 0)
        events({ kind: "note", text: `${names}: waiting for ${step}, ${roughly(clock.now() - began)}` });
    }
  };
  const telling = tell();
  try {
    return await work((host) => left.delete(host));
  } finally {
    over.abort();
    await telling;
  }
}
