import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { DeployError, type StatusView } from "@deploy/core";
import { redactHosts, renderStatusPage } from "@deploy/core/page";
import { pathOf } from "./credentials.ts";
import type { Io } from "./io.ts";

/** Writes a status page, whole or not at all, and says where. Throws `page-unwritable`. */
export async function writePage(named: string, view: StatusView, redact: boolean, io: Io): Promise<string> {
  const file = pathOf(named, io);
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = io.env;
  const repository = server && name ? `${server}/${name}` : undefined;
  const half = `${file}.${randomUUID()}`;
  const page = renderStatusPage(redact ? redactHosts(view) : view, repository);
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
