import { count, makeProblem, type Pool, poolShort, type Standing } from "@deploy/core";
import { markDrained, markReturned, readDrained } from "@deploy/remote";
import type { Context } from "../context.ts";
import { type Answer, askSurely, failed } from "../hosts/ask.ts";
import { type Link, linkOf } from "../hosts/fleet.ts";
import type { Told } from "../ledger.ts";
import type { Before } from "./driver.ts";
import { driverOf } from "./drivers.ts";
import { dropLease, takeLease } from "./leases.ts";

interface Members {
  readonly pool: Pool;
  readonly members: readonly string[];
}

/** Milliseconds between two readings, unless the driver says. */
const usualPause = 200;

/**
 * Whether these hosts may leave: who is left must be enough, and somebody. Who could not be read does not count as serving.
 * Undefined: they may.
 */
export async function refuseToLeave(
  context: Context,
  { pool, members }: Members,
  leaving: readonly string[],
): Promise<Answer<never> | undefined> {
  const read = await Promise.all(
    members.map(async (host) => {
      const link = context.fleet.links.get(host);
      const answer = link && (await driverOf(pool).read({ context, link, pool }));
      return { host, is: answer?.status === "ok" ? answer.value : undefined };
    }),
  );
  if (!read.some(({ host, is }) => leaving.includes(host) && is === "in")) return undefined;
  const left = read.filter(({ host, is }) => is === "in" && !leaving.includes(host));
  const least = Math.max(1, members.length - (context.plan.maxUnavailable ?? members.length));
  if (left.length >= least) return undefined;
  const away = read.filter(({ host, is }) => is !== "in" && !leaving.includes(host));
  const [host = ""] = leaving;
  const others = away.map((one) => ({ host: one.host, is: one.is ?? "could not be read" }));
  return failed(
    linkOf(context.fleet, host),
    poolShort({ leaving, left: left.length, members: members.length, least, others }),
  );
}

/** Takes a host out, unless somebody else has: written down first, asked for, seen, and then waited for. */
export async function leave(context: Context, pool: Pool, link: Link): Promise<Answer<string | Told>> {
  const at = { context, link, pool };
  const driver = driverOf(pool);
  const [before, mark] = [await driver.read(at), await askSurely(link, readDrained(context.fence()))];
  if (before.status !== "ok") return before;
  if (mark.status !== "ok") return mark;
  if (before.value === "mixed" && !mark.value.ours) return failed(link, disagree(link));
  const away = before.value !== "in" && before.value !== "mixed";
  if (away && !mark.value.ours)
    return { status: "ok", value: `was ${before.value} before, by nothing of ours: it stays so` };
  const marked = await askSurely(link, markDrained(context.fence()));
  if (marked.status !== "ok") return marked;
  const leased = await takeLease(at);
  if (leased.status !== "ok") return leased;
  // Also who left in a run that died: nobody knows how far it came.
  const drained = await driver.drain(at);
  if (drained.status !== "ok") return inDoubt(drained);
  const longer = driver.drains?.(pool);
  const isGone = (is: Standing) => (longer === undefined ? is !== "in" && is !== "mixed" : is === "out");
  const seen = await see(at, isGone, longer);
  if (seen.status !== "ok") return seen;
  if (context.control.dryRun) return { status: "ok", value: "out of the pool" };
  await context.control.clock.sleep(pool.settle ?? 0, context.control.signal);
  return settle(at);
}

/** Returns a host that a run of ours took out; whoever else's stays where it is. */
export async function comeBack(context: Context, pool: Pool, link: Link): Promise<Answer<string>> {
  const at = { context, link, pool };
  await dropLease(at);
  const mark = await askSurely(link, readDrained(context.fence()));
  if (mark.status !== "ok") return mark;
  if (!mark.value.ours && !context.control.dryRun)
    return { status: "ok", value: "was not taken out by us: it stays as it is" };
  const returned = await driverOf(pool).return(at);
  if (returned.status !== "ok") return inDoubt(returned);
  const seen = await see(at, (standing) => standing === "in");
  if (seen.status !== "ok") return seen;
  if (!context.control.dryRun) await context.control.clock.sleep(pool.settle ?? 0, context.control.signal);
  const unmarked = await askSurely(link, markReturned(context.fence()));
  return unmarked.status === "ok" ? { status: "ok", value: "in the pool again" } : unmarked;
}

function disagree({ host }: Link) {
  return makeProblem("pool-unreadable", `the balancers say different things of ${host.name}`);
}

/** It may have done a part: so it is undone with the others. */
function inDoubt({ problem }: Exclude<Answer<unknown>, { status: "ok" }>): Answer<never> {
  return { status: "unknown", problem };
}

/** Reads until it is so, or `within` and `longer` are over. A rehearsal changes nothing that could be seen. */
async function see(at: Before, isSo: (standing: Standing) => boolean, longer = 0): Promise<Answer<unknown>> {
  const { context, link, pool } = at;
  const { read: look, pause = usualPause } = driverOf(pool);
  const { clock, dryRun } = context.control;
  if (dryRun) return { status: "ok", value: "" };
  const deadline = clock.now() + pool.within + longer;
  for (;;) {
    const read = await look(at);
    if (read.status === "ok" && isSo(read.value)) return read;
    if (clock.now() + pause >= deadline) {
      const said = read.status === "ok" ? `it is ${read.value}` : read.problem.message;
      return inDoubt(failed(link, makeProblem("pool-unconfirmed", `${link.host.name}: ${said}`)));
    }
    // What was asked for is seen to its end, also by a run that is cancelled: then it is undone.
    await clock.sleep(pause);
  }
}

/** Waits for open requests. Those that do not end (a socket that stays open) hold nobody for ever. */
async function settle(at: Before): Promise<Answer<string | Told>> {
  const { context, pool } = at;
  const { settle: countOpen, pause = usualPause } = driverOf(pool);
  const { clock, signal } = context.control;
  const deadline = clock.now() + pool.within;
  for (;;) {
    const open = await countOpen(at);
    if (open.status !== "ok") return inDoubt(open);
    if (open.value === undefined) return { status: "ok", value: "out of the pool" };
    if (open.value === 0) return { status: "ok", value: "out of the pool, no request is open" };
    if (signal.aborted || clock.now() + pause >= deadline) {
      const warning = `${count(open.value, "request")} ${open.value === 1 ? "was" : "were"} still open when it was switched`;
      return { status: "ok", value: { detail: "out of the pool", warnings: [warning] } };
    }
    await clock.sleep(pause, signal);
  }
}
