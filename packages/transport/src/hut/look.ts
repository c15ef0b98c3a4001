import { DeployError } from "@deploy/core";
import type { Asks } from "@deploy/remote";
import { type Ground, readLive, readRelease, readText } from "./ground.ts";

const hex = (text: string): string => Buffer.from(text).toString("hex");

const currentLine = async (ground: Ground): Promise<string> => {
  const { current } = await readLive(ground);
  return current === null ? "current none - " : `current release ${current} `;
};

export async function current(ground: Ground): Promise<readonly string[]> {
  return [await currentLine(ground)];
}

export async function manifest(ground: Ground, { release }: Asks["manifest"]): Promise<readonly string[]> {
  const known = await readRelease(ground, release);
  const text = await readText(ground, `manifests/${release}`);
  if (known === undefined || text === undefined)
    throw new DeployError("manifest-missing", `release ${release} has no manifest in ${ground.own}`);
  return [`digest ${known.manifest}`, ...text.split("\n").filter((line) => line !== "")];
}

/** What taking a release in needs is here, on the runner: the server is not asked for any of it. */
const tools = ["awk", "gzip", "sha256sum", "stat", "tar"];

/** As probe.sh answers. */
export async function probe(ground: Ground, ask: Asks["probe"]): Promise<readonly string[]> {
  const { files, clock, base, own } = ground;
  const space = (await files.list(base)) && (await files.space?.(base));
  const records = ((await files.list(`${own}/releases`)) ?? []).filter(({ name }) => name.endsWith(".json"));
  const ids = records
    .map(({ name }) => name.slice(0, -5))
    .filter((id) => /^[0-9][A-Za-z0-9._-]{0,63}$/.test(id));
  const lines = (key: string, text: string | undefined): readonly string[] =>
    text === undefined ? [] : [`${key} ${text.trimEnd()}`];
  const state = async (key: string, name = key) => lines(key, await readText(ground, name));
  const releases: string[] = [];
  for (const id of ids) releases.push(...(await state(`release ${id}`, `releases/${id}.json`)));
  const adopted = (await readText(ground, "lock/adopted"))?.split(" ");
  const frozen = (await readText(ground, "lock/frozen"))?.trimEnd().split(" ");
  const log = (await readText(ground, "journal.jsonl"))?.trimEnd().split("\n").slice(-ask.journal);
  return [
    "user files",
    `clock ${Math.floor(clock.now() / 1000)}`,
    ...tools.map((tool) => `tool ${tool}`),
    "writable 1",
    `kilobytes ${space === undefined ? "-" : Math.floor(space.bytes / 1024)}`,
    `inodes ${space?.inodes || "-"}`,
    await currentLine(ground),
    ...releases,
    "strangers ",
    ...(await missing(ground, ask)),
    ...(await state("tenant")),
    ...(await state("held")),
    ...(await state("floor")),
    `adopted ${adopted?.[1] ?? 0}`,
    ...(await state("lock", "lock/state")),
    ...(frozen === undefined ? [] : [`frozen ${frozen[3]} ${frozen[1]} ${frozen[2]}`]),
    ...(log === undefined ? [] : [`journal ${hex(`${log.join("\n")}\n`)}`]),
  ];
}

/** Shared paths stay where they are, in the place that visitors read. */
async function missing({ files, root }: Ground, ask: Asks["probe"]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [at, path] of ask.sharedFiles.entries()) {
    const whole = `${root}/${path}`;
    const cut = whole.lastIndexOf("/");
    const entries = await files.list(whole.slice(0, cut));
    if (entries?.some(({ name }) => name === whole.slice(cut + 1)) !== true) found.push(`missing ${at}`);
  }
  for (const [at, path] of (ask.sharedDirectories ?? []).entries())
    if (((await files.list(`${root}/${path}`)) ?? []).length === 0)
      found.push(`empty ${ask.sharedFiles.length + at}`);
  return found;
}
