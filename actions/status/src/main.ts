import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import {
  type ActionContext,
  type ActionResult,
  runAction,
  sessionSettings,
  storeIdentity,
} from "@deploy/action-kit";
import { DeployError, problemOf, renderFactsMarkdown, type StatusView, toldInAction } from "@deploy/core";
import { openSession } from "@deploy/session";
import { type DrawnStatus, drawStatus, publishDrawn } from "@deploy/session/past";
import { type Inputs, inputs, readInputs } from "./inputs.ts";

await runAction({ inputs, read: readInputs, main: status });

/** Lines of each journal that a page tells of: some 300 changes. */
const journal = 1_000;

/** Reads the servers, writes and publishes what they say. It fails for a config or a key, and not for what it finds. */
async function status(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const { github, log } = context;
  const settings = sessionSettings({ ...inputs, dryRun: true }, context, "status");
  const session = await openSession({ ...settings, journal });
  try {
    const { config, facts } = session;
    const by = github.runId === "" ? "a run" : `run ${github.runId}`;
    const view: StatusView = { config, facts, now: new Date(), by };
    // What is written below the workspace, a later step of this job takes along: a folder may be one here, on any machine.
    const where = { root: settings.root, folders: "below" } as const;
    const named = github.serverUrl !== "" && github.repository !== "";
    const options = {
      identity: storeIdentity(inputs.keys, context),
      where,
      redact: config.status?.redact === "hosts",
      repository: named ? `${github.serverUrl}/${github.repository}` : undefined,
    };
    const drawn = await drawStatus(view, options);
    const { state, words } = drawn.status;
    const html = inputs.dryRun ? "" : await write(inputs.page, drawn, github.workspace);
    const silent = inputs.dryRun || config.status?.store === undefined;
    const { published, warning } = silent
      ? { published: "", warning: [] }
      : await publish(() => publishDrawn(drawn, config, options));
    for (const note of drawn.status.notes) log.text(note);
    return {
      result: "planned",
      headline: `${config.app} on ${config.environment}: ${words}`,
      problems: [],
      warnings: [...drawn.warnings, ...warning],
      summary: renderFactsMarkdown(facts, config),
      outputs: { result: state, html, published, status: JSON.stringify(drawn.status) },
    };
  } finally {
    await session.close();
  }
}

async function write(named: string | undefined, { html }: DrawnStatus, root: string): Promise<string> {
  if (named === undefined) return "";
  const file = resolve(root, named);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, html);
    return file;
  } catch (cause) {
    const message = `The page ${named} cannot be written: ${(cause as Error).message}`;
    throw new DeployError("page-unwritable", message, { cause });
  }
}

/** A page that cannot be published is an annotation, and fails nothing. */
async function publish(work: () => Promise<string>) {
  try {
    return { published: await work(), warning: [] };
  } catch (error) {
    const { code, message, hint } = toldInAction(problemOf(error));
    return { published: "", warning: [`${message}. ${hint ?? ""} (${code})`] };
  }
}
