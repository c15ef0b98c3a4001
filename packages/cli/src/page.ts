import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { type Config, DeployError, problemOf, type StatusView } from "@deploy/core";
import { drawStatus, publishDrawn } from "@deploy/session/past";
import { pathOf } from "./credentials.ts";
import { foldersFor, type Io } from "./io.ts";
import type { StatusOptions } from "./options.ts";
import type { Screen } from "./screen.ts";

/**
 * Draws the status page, writes it and publishes it, as asked for. A page that cannot be published is told, and changes no exit code.
 * Throws `page-unwritable`.
 */
export async function showPage(
  view: StatusView,
  { html: file, publish, redactHosts }: StatusOptions,
  { io, screen }: { readonly io: Io; readonly screen: Screen },
): Promise<void> {
  const config = publishing(view.config, publish);
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = io.env;
  const options = {
    identity: { sessionName: "deploy" },
    where: foldersFor(io),
    redact: redactHosts || config.status?.redact === "hosts",
    repository: server && name ? `${server}/${name}` : undefined,
  };
  const drawn = await drawStatus({ ...view, config }, options);
  for (const warning of drawn.warnings) screen.warn(warning);
  if (file !== undefined) screen.say(await writePage(file, drawn.html, io));
  if (publish === undefined) return;
  try {
    screen.say(`published: ${await publishDrawn(drawn, config, options)}`);
  } catch (error) {
    const { code, message, hint } = problemOf(error);
    screen.warn(`${message}. ${hint ?? ""} (${code})`);
  }
}

/** `--publish ADDRESS` is another place than the config's, spoken to in the same way. */
function publishing(config: Config, publish: StatusOptions["publish"]): Config {
  if (typeof publish !== "string") return config;
  const { redact = "nothing", store = { checksums: "crc32" as const } } = config.status ?? {};
  return { ...config, status: { redact, store: { ...store, to: publish } } };
}

/** Writes a status page, whole or not at all, and says where. Throws `page-unwritable`. */
async function writePage(named: string, page: string, io: Io): Promise<string> {
  const file = pathOf(named, io);
  const half = `${file}.${randomUUID()}`;
  try {
    await writeFile(half, page);
    await rename(half, file);
  } catch (error) {
    await rm(half, { force: true });
    throw new DeployError(
      "page-unwritable",
      `The page ${named} cannot be written: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
  return `page: ${named}`;
}
