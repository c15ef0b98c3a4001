import { renderVerifiedText } from "@deploy/core/records";
import { loadConfig } from "@deploy/session";
import { verifyAudit } from "@deploy/session/past";
import { configOptions } from "../database.ts";
import { reading } from "../failure.ts";
import { foldersFor } from "../io.ts";
import type { BackupsOptions } from "../options.ts";
import type { Context } from "./context.ts";

/** Holds every record that is kept against its chain. Exit code 4 where one is not as it was written. */
export async function auditVerifyCommand(options: BackupsOptions, { io, screen }: Context): Promise<number> {
  const config = await reading(() => loadConfig({ ...configOptions(options, io), overrides: {} }));
  const verified = await verifyAudit(config, { sessionName: "deploy" }, foldersFor(io));
  const { app, environment } = config;
  const exitCode = verified.findings.length === 0 ? 0 : 4;
  screen.say(renderVerifiedText(verified).trimEnd());
  if (exitCode !== 0) screen.say(nextMove);
  screen.answer({ schema: 1, app, environment, exitCode, ...verified });
  return exitCode;
}

const nextMove =
  "Next: bring what is named first back from the store's versions, and ask who may write there; or begin a new chain, with another prefix in `records.store`.";
