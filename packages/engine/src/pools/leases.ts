import { askedAt, stepsNamed } from "@deploy/core";
import { leaseRenew, leaseTake } from "@deploy/remote";
import { type Answer, askSurely } from "../hosts/ask.ts";
import type { Link } from "../hosts/fleet.ts";
import type { Before } from "./driver.ts";

interface Beat {
  readonly over: AbortController;
  readonly done: Promise<void>;
}

/**
 * Of the hosts that this run took out: renewed while it lives, so that they return by themselves when it does not. What cannot be
 * proved healthy returns to nobody: without `health` there is no lease.
 */
export class Leases {
  readonly #beats = new Map<string, Beat>();

  /** Before a host leaves. A lease of a run before is this one's from here on. */
  async take(at: Before): Promise<Answer<unknown>> {
    const { context, link, pool } = at;
    const { control, plan } = context;
    await this.drop(link);
    const lease = "lease" in pool && pool.lease;
    const proof = stepsNamed(plan, "health").find(({ hosts }) => hosts.includes(link.host.name));
    if (!lease || proof === undefined || control.dryRun) return { status: "ok", value: undefined };
    const { url, headers = [], timeout, status, expectRelease: named, passes } = proof.health;
    const probe = { url, address: askedAt(proof.health), headers, timeout };
    const watch = { back: pool, probe, status, named, passes };
    const seconds = Math.ceil(lease / 1000);
    const taken = await askSurely(link, leaseTake(context.fence(), seconds, watch));
    if (taken.status !== "ok") return taken;
    if (taken.value !== undefined) {
      const text = `${taken.value} is not there: when this run dies, only the next one returns it`;
      control.events({ kind: "note", host: link.host.name, text });
      return taken;
    }
    const over = new AbortController();
    this.#beats.set(link.host.name, { over, done: beat(at, seconds, over.signal) });
    return taken;
  }

  /** Before it returns: then it ends with the mark. */
  async drop({ host }: Link): Promise<void> {
    const beating = this.#beats.get(host.name);
    this.#beats.delete(host.name);
    beating?.over.abort();
    await beating?.done;
  }

  /** The run is over: who is out by now returns by itself, where it comes to be healthy. */
  async end(): Promise<void> {
    for (const { over } of this.#beats.values()) over.abort();
    await Promise.all([...this.#beats.values()].map(({ done }) => done));
  }
}

async function beat({ context, link }: Before, seconds: number, over: AbortSignal): Promise<void> {
  const { clock, events } = context.control;
  for (;;) {
    await clock.sleep((seconds * 1000) / 3, over);
    if (over.aborted) return;
    const renewed = await askSurely(link, leaseRenew(context.fence(), seconds));
    if (renewed.status === "ok" && !renewed.value) {
      const text = "it heard nothing of this run for too long, and returned to its pool by itself";
      return events({ kind: "note", host: link.host.name, text });
    }
    if (renewed.status === "failed" && renewed.problem.code === "fenced") return;
  }
}
