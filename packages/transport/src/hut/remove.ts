import type { Asks } from "@deploy/remote";
import { carryOut, changeOf, makeWay } from "./converge.ts";
import { type Ground, readLive, readTree } from "./ground.ts";
import { entered } from "./mutex.ts";

/** What lay there before us is in place again, and nothing of ours is left. Files of others stay. */
export async function remove(ground: Ground, { fence }: Asks["remove"]): Promise<readonly string[]> {
  await entered(ground, fence);
  const { current, begun } = await readLive(ground);
  for (const from of begun === undefined ? [current] : [begun.to, current]) {
    const change = changeOf(
      await readTree(ground, from === current ? null : current),
      await readTree(ground, from),
    );
    await makeWay(ground, change);
    await carryOut(ground, change);
  }
  await wipe(ground, ground.own);
  return ["removed"];
}

async function wipe(ground: Ground, folder: string): Promise<void> {
  const { files } = ground;
  for (const { name, kind } of (await files.list(folder)) ?? [])
    if (kind === "folder") await wipe(ground, `${folder}/${name}`);
    else await files.remove(`${folder}/${name}`);
  await files.removeFolder(folder);
}
