import type { Identity } from "@deploy/aws";
import { type Config, changesIn, DeployError, figuresOf, problemOf, type StatusView } from "@deploy/core";
import {
  type EnvironmentStatus,
  environmentStatus,
  type Results,
  redactHosts,
  renderStatusPage,
} from "@deploy/core/page";
import { leadTimeOf, pastLines, pastOf } from "@deploy/core/records";
import type { Folders } from "@deploy/store";
import { listRecords } from "../records/open.ts";
import { openConfigured } from "../store.ts";
import { lookBeside } from "./beside.ts";
import { publishStatus } from "./publish.ts";

export interface DrawOptions {
  readonly identity: Identity;
  /** Where a store that is a folder may lie. */
  readonly where: Folders;
  /** The code's own page: `https://github.com/org/shop`. */
  readonly repository?: string | undefined;
  readonly redact: boolean;
}

/** The status of an environment: for browsers, for programs, and what could not be told. */
export interface DrawnStatus {
  readonly html: string;
  readonly status: EnvironmentStatus;
  readonly warnings: readonly string[];
}

/**
 * Draws what was read from the servers, with what stands beside them: records and backups where the config keeps any, the certificate.
 * Never throws for what a store refuses.
 */
export async function drawStatus(view: StatusView, options: DrawOptions): Promise<DrawnStatus> {
  const { redact, repository } = options;
  const [{ results, warnings }, beside] = await Promise.all([
    resultsOf(view, options),
    lookBeside(view.config, options),
  ]);
  const whole = { ...view, ...beside.seen };
  const shown = redact ? redactHosts(whole) : whole;
  return {
    html: renderStatusPage(shown, repository, results),
    status: environmentStatus(shown, results),
    warnings: [...warnings, ...beside.warnings],
  };
}

async function resultsOf(
  { config, facts, now }: StatusView,
  { identity, where }: DrawOptions,
): Promise<{ readonly results?: Results; readonly warnings: readonly string[] }> {
  if (config.records === undefined) return { warnings: [] };
  try {
    const { records } = await listRecords(config, identity, where);
    const past = pastOf(changesIn(facts), records);
    const figures = { ...figuresOf(past, now), lead: leadTimeOf(records, now) };
    return { results: { lines: pastLines(past, records), figures }, warnings: [] };
  } catch (error) {
    const { message } = problemOf(error);
    return { warnings: [`The records could not be read, the page does without: ${message}`] };
  }
}

/** Publishes it where the config says, which is returned. Throws `status-unpublished` for whatever the store refuses. */
export async function publishDrawn(
  { html, status }: DrawnStatus,
  { status: { store: to } = { redact: "nothing" } }: Pick<Config, "status">,
  { identity, where }: Pick<DrawOptions, "identity" | "where">,
): Promise<string> {
  if (to === undefined)
    throw new DeployError(
      "status-unpublished",
      "The page was not published: the config has no `status.publish`",
    );
  try {
    const { store } = openConfigured(to, identity, where);
    try {
      await publishStatus(store, status, html);
      return store.location;
    } finally {
      store.close();
    }
  } catch (cause) {
    const { message, hint } = problemOf(cause);
    throw new DeployError("status-unpublished", `The page was not published to ${to.to}: ${message}`, {
      cause,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}
