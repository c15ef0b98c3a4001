import { markFloor } from "@deploy/remote";
import type { Context } from "../context.ts";
import { type Answer, askSurely } from "../hosts/ask.ts";
import { everyHost } from "../hosts/fan.ts";
import type { Link } from "../hosts/fleet.ts";
import type { Told } from "../ledger.ts";
import { type Migration, migrateOnce } from "./migrate.ts";
import type { Runner } from "./runner.ts";

export const runner: Runner<"after"> = {
  run: (context, step) =>
    everyHost(
      context,
      step,
      step.hosts,
      (link) => migrateAfter(context, link, step),
      (told) => told,
    ),
};

/** What may have begun has taken the way back: so that is written first. */
async function migrateAfter(context: Context, link: Link, step: Migration): Promise<Answer<string | Told>> {
  if (context.stopped()) {
    return { status: "ok", value: { skipped: true, detail: "the run was stopped before it began" } };
  }
  const floor = await askSurely(link, markFloor(context.fence(), context.plan.release));
  return floor.status === "ok" ? migrateOnce(context, link, step) : floor;
}
