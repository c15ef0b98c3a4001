import { askedAt, stepsNamed } from "@deploy/core";
import { leaseRenew, leaseTake } from "@deploy/remote";
import type { Context } from "../context.ts";
import { type Answer, askSurely } from "../hosts/ask.ts";
import type { Before } from "./driver.ts";

/*
 * Of the hosts that this run took out: renewed while it lives, so that they return by themselves when it does not. What cannot be
 * proved healthy returns to nobody: without `health` there is no lease.
 */

/** Before a host leaves. A lease of a run before is this one's from here on. */
export async function takeLease(at: Before): Promise<Answer<unknown>> {
  const { context, link, pool } = at;
  const { control, plan } = context;
  await dropLease(at);
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
  context.renewals.set(link.host.name, { over, done: renew(at, seconds, over.signal) });
  return taken;
}

/** Before it returns: then it ends with the mark. */
export async function dropLease({ context, link }: Pick<Before, "context" | "link">): Promise<void> {
  const renewal = context.renewals.get(link.host.name);
  context.renewals.delete(link.host.name);
  renewal?.over.abort();
  await renewal?.done;
}

/** The run is over: who is out by now returns by itself, where it comes to be healthy. */
export async function endLeases({ renewals }: Pick<Context, "renewals">): Promise<void> {
  for (const { over } of renewals.values()) over.abort();
  await Promise.all([...renewals.values()].map(({ done }) => done));
}

async function renew({ context, link }: Before, seconds: number, over: AbortSignal): Promise<void> {
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
