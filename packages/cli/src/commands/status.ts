import type { Facts, HostDrift } from "@deploy/core";
import { driftWords, findUnproved, isAsSent, renderFactsText } from "@deploy/core";
import { readSettings, whoRuns, withFleet } from "../fleet.ts";
import { runningLines, withTails } from "../jobs.ts";
import type { StatusOptions } from "../options.ts";
import type { Context } from "./context.ts";

/** Lines of each journal that a page or a history tells of: some 300 changes. */
export const journal = 1_000;

/**
 * Shows what every server serves, who holds the lock, and which jobs there are. Exit code 4 where they differ, or one cannot be read or
 * is not proved; with `--verify` also where a file was changed by hand.
 */
export async function statusCommand(options: StatusOptions, context: Context): Promise<number> {
  const settings = await readSettings(options, context.io);
  const paged = options.html !== undefined || options.publish !== undefined;
  const open = {
    verbose: options.verbose,
    dryRun: true,
    commit: "",
    phase: "status",
    ...(paged && { journal }),
  };
  return withFleet(settings, open, context, async (session) => {
    const { config, facts: read, repair } = session;
    const [jobs, drift] = await Promise.all([
      repair.listJobs(),
      options.verify ? session.drift() : undefined,
    ]);
    const facts = withTails(read, jobs, options.verbose || options.json);
    const exitCode = isUniform(facts) && isAsSent(drift ?? []) ? 0 : 4;
    context.screen.say(renderFactsText(options.verbose ? facts : facts.map(withoutJournal), config));
    for (const line of runningLines(jobs)) context.screen.say(line);
    if (drift !== undefined) context.screen.say(verifiedText(drift));
    if (paged) {
      const view = { config, facts, now: new Date(), by: whoRuns(), ...(drift && { drift }) };
      // Late: drawing is more than a status needs.
      await (await import("../page.ts")).showPage(view, options, context);
    }
    const { app, environment } = config;
    context.screen.answer({
      schema: 1,
      app,
      environment,
      exitCode,
      hosts: facts,
      jobs,
      ...(drift && { drift }),
    });
    return exitCode;
  });
}

/** True: every server was read, and all serve the same release (or all nothing), which was proved: a link alone answers nobody. */
export function isUniform(facts: readonly Facts[]): boolean {
  const live = new Set(facts.map(liveOf));
  return live.size <= 1 && !live.has(undefined) && findUnproved(facts).length === 0;
}

function verifiedText(drift: readonly HostDrift[]): string {
  if (isAsSent(drift)) return "files: all as they were sent";
  return driftWords(drift)
    .map((words) => `! ${words}`)
    .join("\n");
}

/** The journals are for looking closer: `--verbose`, or `--json`. */
function withoutJournal(facts: Facts): Facts {
  return facts.reached ? { ...facts, journal: [] } : facts;
}

function liveOf(facts: Facts): string | undefined {
  if (!facts.reached) return undefined;
  if (facts.current.kind === "none") return "";
  return facts.current.kind === "release" ? facts.current.release : undefined;
}
