import { makeProblem, problemOf } from "@deploy/core";
import { renderUi, type UiView, uiParts, uiPolicy } from "@deploy/core/page";
import { Misuse } from "../failure.ts";
import { type FleetSettings, readSettings, whoRuns, withFleet } from "../fleet.ts";
import { signalOf } from "../io.ts";
import type { FleetOptions } from "../options.ts";
import { runsFolder } from "../ui/record.ts";
import { serveUi, type UiServer } from "../ui/server.ts";
import { runWatcher } from "../ui/watch.ts";
import type { Context } from "./context.ts";
import { journal } from "./status.ts";

export interface UiOptions extends FleetOptions {
  readonly port: number;
}

/** Milliseconds between looks at the file of a run: a file system tells of changes on some systems only. */
const look = 250;
/** Milliseconds between readings of the servers. */
const every = 60_000;

/** Serves the status page on this machine until Ctrl-C, with what this desk runs meanwhile. Changes nothing. */
export async function uiCommand(options: UiOptions, context: Context): Promise<number> {
  const { io, screen } = context;
  const settings = await readSettings(options, io);
  const { app, environment } = settings.config;
  const watch = runWatcher(runsFolder(io.env, settings.config));
  let view: UiView = { app, environment, ...watch() };
  const source = { page: () => renderUi(view), parts: () => uiParts(view), policy: uiPolicy() };
  const server = await serveUi(source, options.port).catch((error: Error) => {
    throw new Misuse([makeProblem("argument-refused", `--port ${options.port}: ${error.message}`)]);
  });
  let told = "";
  const update = (news: Partial<UiView>): void => {
    view = { ...view, ...news };
    const parts = uiParts(view);
    if (JSON.stringify(parts) === told) return;
    told = JSON.stringify(parts);
    server.tell(parts);
  };
  const reader = readerOf(settings, context, update);
  const timers = [
    setInterval(() => {
      const was = view.run;
      update(watch());
      if (was?.end === undefined && view.run?.end !== undefined) void reader();
    }, look),
    setInterval(() => void reader(), every),
  ];
  void reader();
  screen.say(`ui: ${server.url}`);
  screen.answer({ schema: 1, exitCode: 0, url: server.url });
  io.sayAtInterrupt?.("Ending.");
  await untilStopped(signalOf(io), timers, server);
  return 0;
}

/** Reads the servers, one reading at a time; one that is asked for meanwhile comes after it. */
function readerOf(settings: FleetSettings, context: Context, update: (news: Partial<UiView>) => void) {
  let running = false;
  let again = false;
  const quiet = { ...context, screen: { ...context.screen, say: () => {} } };
  const read = async (): Promise<void> => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      const open = { verbose: false, dryRun: true, commit: "", phase: "status", journal };
      await withFleet(settings, open, quiet, async ({ config, facts }) => {
        update({ status: { config, facts, now: new Date(), by: whoRuns() }, unread: undefined });
      });
    } catch (error) {
      update({ unread: problemOf(error).message });
    }
    running = false;
    if (!again) return;
    again = false;
    await read();
  };
  return read;
}

async function untilStopped(
  signal: AbortSignal,
  timers: readonly NodeJS.Timeout[],
  server: UiServer,
): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  for (const timer of timers) clearInterval(timer);
  await server.close();
}
