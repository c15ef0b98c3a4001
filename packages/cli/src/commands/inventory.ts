import { inventoryList } from "@deploy/core";
import { loadConfig } from "@deploy/session";
import { configOptions } from "../database.ts";
import { reading } from "../failure.ts";
import type { InventoryOptions } from "../options.ts";
import type { Context } from "./context.ts";

/** The fleet as Ansible asks a program for it; no server is asked. All that a host has is in the list, so that `--host` has nothing to add. */
export async function inventoryCommand(options: InventoryOptions, { io, screen }: Context): Promise<number> {
  const config = await reading(() => loadConfig({ ...configOptions(options, io), overrides: {} }));
  const answer = options.host === undefined ? inventoryList(config) : {};
  screen.say(JSON.stringify(answer, null, 2));
  screen.answer(answer);
  return 0;
}
