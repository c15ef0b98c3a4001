import { DeployError } from "@deploy/core";
import { dropDatabase, type Left, listLeft, type Source } from "@deploy/remote";
import { type Asked, ask, whileRestoring } from "./host/ask.ts";
import { besideName } from "./host/names.ts";

/** What restores over this source left beside it. Throws what the host refused (`backup-source`, `tool-missing`). */
export async function listLeftovers(asked: Asked): Promise<readonly Left[]> {
  const found = await ask(asked, listLeft(asked.source), whileRestoring);
  return found.filter(({ name }) => isBeside(asked.source, name));
}

/** Removes one of them for good. Throws `backup-missing` for anything else. */
export async function removeLeftover(asked: Asked, name: string): Promise<Left> {
  const left = (await listLeftovers(asked)).find((each) => each.name === name);
  if (left === undefined)
    throw new DeployError("backup-missing", `No restore left ${JSON.stringify(name)}`, {
      hint: "`deploy leftovers` lists what restores left.",
    });
  await ask(asked, dropDatabase(asked.source, name), whileRestoring);
  return left;
}

/** A server holds what other databases left, too. */
function isBeside(source: Source, name: string): boolean {
  const [, purpose = "", suffix = ""] = /_(before|incomplete|deploy_restore)_([0-9a-f]{4})$/.exec(name) ?? [];
  return purpose !== "" && besideName(source, purpose, suffix) === name;
}
