import { DeployError } from "@deploy/core";
import type { Asks } from "@deploy/remote";
import { each } from "./converge.ts";
import {
  type Ground,
  journal,
  putText,
  readLive,
  readRelease,
  readTree,
  setState,
  stamp,
  storedName,
} from "./ground.ts";
import { entered } from "./mutex.ts";

const hex = (text: string): string => Buffer.from(text).toString("hex");

export async function finish(ground: Ground, ask: Asks["finish"]): Promise<readonly string[]> {
  const { release, bad, removals } = ask;
  await entered(ground, ask.fence);
  await mustBeLive(ground, release);
  const ids = await releasesOf(ground);
  for (const id of ask.proved ?? [])
    if ((await readRelease(ground, id))?.state === "active") await setState(ground, id, "good");
  await setState(ground, release, "good");
  if (bad !== null) await setState(ground, bad, "bad");
  await ground.files.remove(`${ground.own}/held`);
  const kept = removals.filter((id) => id === release);
  const gone = removals.filter((id) => id !== release && ids.includes(id));
  if (gone.length > 0) await removeReleases(ground, ids, gone);
  await journal(ground, ask.fence, [bad, release, "finish"]);
  return [...gone.map((id) => `removed ${id}`), ...kept.map((id) => `kept ${hex(id)} ${hex("it is live")}`)];
}

async function mustBeLive(ground: Ground, release: string): Promise<void> {
  const { current } = await readLive(ground);
  if (current !== release)
    throw new DeployError("current-changed", `${current ?? "nothing"} is live, expected ${release}`);
}

async function releasesOf({ files, own }: Ground): Promise<readonly string[]> {
  const records = (await files.list(`${own}/releases`)) ?? [];
  return records.flatMap(({ name }) =>
    /^[0-9][A-Za-z0-9._-]*\.json$/.test(name) ? [name.slice(0, -5)] : [],
  );
}

/** Records first; then all that no release left needs. What lay there before us stays for the way back to it. */
async function removeReleases(
  ground: Ground,
  ids: readonly string[],
  gone: readonly string[],
): Promise<void> {
  const { files, own } = ground;
  for (const id of gone) {
    await files.remove(`${own}/releases/${id}.json`);
    await files.remove(`${own}/manifests/${id}`);
  }
  const needed = new Set<string>();
  for (const id of [null, ...ids.filter((id) => !gone.includes(id))])
    for (const file of (await readTree(ground, id)).files.values()) needed.add(storedName(file));
  const lies = (await files.list(`${own}/stored`)) ?? [];
  await each(
    ground,
    lies.filter(({ name }) => !needed.has(name)),
    ({ name }) => files.remove(`${own}/stored/${name}`),
  );
}

export async function ready(ground: Ground, { fence, release }: Asks["ready"]): Promise<readonly string[]> {
  await entered(ground, fence);
  const known = await readRelease(ground, release);
  if (known === undefined)
    throw new DeployError("release-missing", `there is no release ${release} in ${ground.own}`);
  if (known.state === "partial") await setState(ground, release, "ready");
  return [`state ${known.state === "partial" ? "ready" : known.state}`];
}

/** `hold` and `floor`: a line that names the live release. */
export async function note(
  ground: Ground,
  { fence, release }: Asks["hold"],
  file: "held" | "floor",
): Promise<readonly string[]> {
  await entered(ground, fence);
  await mustBeLive(ground, release);
  await putText(ground, file, `1 ${fence.owner} ${stamp(ground)} ${release}\n`);
  await journal(ground, fence, [release, release, file === "held" ? "hold" : "floor"]);
  return [file];
}
