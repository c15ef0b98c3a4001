import { existsSync } from "node:fs";
import { join } from "node:path";
import { listActions } from "../../scripts/build/actions.ts";
import { build } from "../../scripts/build/build.ts";
import { root } from "../../scripts/lib/root.ts";
import { render } from "../../scripts/render/render.ts";

/**
 * The release tree under test, in the explicit form. `npm test` has just rendered it and says so in
 * DEPLOY_TREE; on its own a test renders what is in the folder now (half a minute).
 */
export async function releaseTree(): Promise<string> {
  const given = process.env.DEPLOY_TREE;
  if (given !== undefined && existsSync(join(given, "dist"))) return given;
  const out = join(root, "build", "release", "explicit");
  await build(listActions(), join(root, "build", "dist"));
  render({ repository: "org/deploy", ref: "v1", self: "explicit", out });
  return out;
}
