import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { listActions } from "../../scripts/build/actions.ts";
import { build } from "../../scripts/build/build.ts";
import { listFiles } from "../../scripts/lib/files.ts";
import { root } from "../../scripts/lib/root.ts";

/**
 * The folder of the bundles under test. `npm test` has just built them and says so in DEPLOY_TREE;
 * on its own a test builds them (a minute) where a source is newer than they are.
 */
export async function openBundles(): Promise<string> {
  const given = process.env.DEPLOY_TREE;
  if (given !== undefined && existsSync(join(given, "dist"))) return join(given, "dist");
  const folder = join(root, "build", "dist");
  if (isOld(folder)) building ??= build(listActions(), folder);
  await building;
  return folder;
}

/** One at a time, also where a test did not wait for it. */
let building: Promise<void> | undefined;

function isOld(folder: string): boolean {
  const built = listActions().map((action) => changedAt(join(folder, action, "index.mjs")));
  return Math.min(...built) < Math.max(...sources().map(changedAt));
}

/** All that a bundle can be made of. */
function sources(): readonly string[] {
  const rooms = ["packages", "actions"].flatMap((room) =>
    readdirSync(join(root, room))
      .filter((name) => name !== "testkit")
      .map((name) => join(root, room, name, "src")),
  );
  return rooms.flatMap((room) => listFiles(room).map((file) => join(room, file)));
}

function changedAt(file: string): number {
  return existsSync(file) ? statSync(file).mtimeMs : 0;
}
