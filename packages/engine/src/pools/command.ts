import { makeProblem } from "@deploy/core";
import { runUserCommand } from "@deploy/remote";
import type { Context } from "../context.ts";
import { type Answer, ask, failed } from "../hosts/ask.ts";
import type { Link } from "../hosts/fleet.ts";
import { plannedOf } from "../hosts/planned.ts";
import { runOn } from "../steps/command.ts";
import { type At, type Before, type PoolDriver, standings } from "./driver.ts";

/** The user's own words for the same verbs, run in the live folder. */
export const driver: PoolDriver<"command"> = {
  async read(at) {
    // A rehearsal made no folder on a new host.
    if (at.context.control.dryRun && folderOf(at.context, at.link) === "release")
      return { status: "ok", value: "down" };
    const said = await sayOn(at, at.pool.read);
    if (said.status !== "ok") return said;
    const standing = standings.find((word) => word === said.value);
    if (standing !== undefined) return { status: "ok", value: standing };
    return failed(at.link, unreadable(at.pool.read, said.value));
  },
  drain: (at) => runVerb(at, "drain"),
  return: (at) => runVerb(at, "return"),
  settle: inFlight,
};

/** A number that the pool's `in-flight` prints. */
export async function inFlight(at: At<"file"> | At<"command">): Promise<Answer<number | undefined>> {
  const { link, pool } = at;
  if (pool.inFlight === undefined) return { status: "ok", value: undefined };
  const said = await sayOn(at, pool.inFlight);
  if (said.status !== "ok") return said;
  if (/^\d{1,9}$/.test(said.value)) return { status: "ok", value: Number(said.value) };
  return failed(link, unreadable(pool.inFlight, said.value));
}

function runVerb({ context, link, pool }: At<"command">, way: "drain" | "return") {
  return runOn(context, link, { id: way, step: way }, { run: pool[way] }, folderOf(context, link));
}

/** What a reading prints, without the white space around it. */
async function sayOn({ context, link }: Before, run: string): Promise<Answer<string>> {
  const command = runUserCommand({
    fence: context.fence(),
    release: context.plan.release,
    directory: folderOf(context, link),
    run,
    step: "reading",
  });
  return ask(link, {
    ...command,
    kind: "read",
    parse(result) {
      const code = command.parse(result);
      return code === 0 ? result.stdout.trim() : `exit code ${code}`;
    },
  });
}

/** Where nothing was live before, what is about to be. */
function folderOf({ plan }: Context, { host }: Link): "current" | "release" {
  return plannedOf(plan, host.name).from === null ? "release" : "current";
}

function unreadable(run: string, said: string) {
  return makeProblem("pool-unreadable", `\`${run}\` said ${JSON.stringify(said.slice(0, 200))}`);
}
