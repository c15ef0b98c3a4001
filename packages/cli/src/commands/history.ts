import { changesIn, figuresOf, figureWords, renderHistoryText } from "@deploy/core";
import { leadTimeOf, type Past, pastLines, pastOf, renderPastText } from "@deploy/core/records";
import { listRecords } from "@deploy/session/past";
import { readSettings, withFleet } from "../fleet.ts";
import { foldersFor } from "../io.ts";
import type { FleetOptions } from "../options.ts";
import type { Context } from "./context.ts";
import { journal } from "./status.ts";

/**
 * What changed on the servers, by what they wrote down and by the records that are kept, and four figures of it. Exit code 4 where a
 * server could not be asked, or where only one of both tells of a change.
 */
export async function historyCommand(options: FleetOptions, context: Context): Promise<number> {
  const { io, screen } = context;
  const settings = await readSettings(options, io);
  const open = { verbose: options.verbose, dryRun: true, commit: "", phase: "history", journal };
  return withFleet(settings, open, context, async ({ config, facts }) => {
    const { app, environment } = config;
    const { records, unread } = await listRecords(config, { sessionName: "deploy" }, foldersFor(io));
    const past = pastOf(changesIn(facts), records);
    const now = new Date();
    const figures = { ...figuresOf(past, now), lead: leadTimeOf(records, now) };
    const lost = facts.flatMap(({ host, reached }) => (reached ? [] : [host]));
    const alone = past.filter((one) => one.alone === true).length;
    const exitCode = lost.length + alone + unread.length === 0 ? 0 : 4;
    const lines = pastLines(past, records);
    const text = config.records === undefined ? renderHistoryText(past) : renderPastText(lines);
    screen.say(`${text}\n${figureWords(figures)}.`);
    if (lost.length > 0) screen.say(`Not asked, they could not be reached: ${lost.join(", ")}`);
    if (unread.length > 0) screen.say(`No records, though they lie among them: ${unread.join(", ")}`);
    const changes = past.map(withoutRecord);
    screen.answer({ schema: 1, app, environment, exitCode, changes, lines, figures, lost, unread });
    return exitCode;
  });
}

/** What the lines do not say is in the record itself. */
function withoutRecord({ record, ...change }: Past) {
  return {
    ...change,
    ...(record === undefined ? {} : { actor: record.actor, plan: record.report.planDigest }),
  };
}
