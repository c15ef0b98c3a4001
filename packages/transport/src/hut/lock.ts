import { DeployError } from "@deploy/core";
import type { Asks } from "@deploy/remote";
import { type Ground, makeBase, putText, readText, readWords, stamp } from "./ground.ts";
import { alone, fence, readAdopted } from "./mutex.ts";

/** One line, as scripts/lock/lock.sh has it: 1 token expiry id repository run attempt actor commit phase. */
interface Held {
  readonly token: number;
  readonly expiry: number;
  /** `-` where it is free. */
  readonly words: readonly string[];
}

const free = Array(7).fill("-");

/** What is said before a refusal: its parser wants it. */
export class Refused extends Error {
  readonly lines: readonly string[];
  readonly error: DeployError;

  constructor(error: DeployError, ...lines: readonly string[]) {
    super(error.message);
    this.error = error;
    this.lines = lines;
  }
}

async function readHeld(ground: Ground): Promise<Held> {
  const words = await readWords(ground, "lock/state");
  if (words === undefined) return { token: 0, expiry: 0, words: free };
  const [version, token, expiry, ...rest] = words;
  const counts = [token, expiry].every((word) => /^\d{1,15}$/.test(word ?? ""));
  if (version !== "1" || !counts || rest.length !== 7)
    throw new DeployError("lock-corrupt", `${ground.own}/lock/state cannot be read`);
  return { token: Number(token), expiry: Number(expiry), words: rest };
}

const write = (ground: Ground, { token, expiry, words }: Held): Promise<void> =>
  putText(ground, "lock/state", `1 ${token} ${expiry} ${words.join(" ")}\n`);

const seconds = ({ clock }: Ground): number => Math.floor(clock.now() / 1000);

const word = (text: string): string => text.replaceAll(/[^A-Za-z0-9._:/@+-]/g, "_").slice(0, 200) || "-";

export async function acquire(ground: Ground, ask: Asks["acquire"]): Promise<readonly string[]> {
  const { id, repository, run, attempt, actor, commit, phase } = ask.owner;
  await makeBase(ground);
  return alone(ground, async () => {
    const held = await readHeld(ground);
    const adopted = await readAdopted(ground);
    if (held.words[0] !== id) await refuseOther(ground, held, ask.takeover?.id);
    const token = Math.max(held.token, adopted.token, ask.floor ?? 0) + 1;
    const words = [id, ...[repository, run, attempt, actor, commit, phase].map(word)];
    await write(ground, { token, expiry: seconds(ground) + ask.lease, words });
    await putText(ground, "lock/adopted", `1 ${token} ${id}\n`);
    return [`token ${token} mkdir`];
  });
}

async function refuseOther(ground: Ground, held: Held, over: string | undefined): Promise<void> {
  const frozen = await readWords(ground, "lock/frozen");
  if (frozen !== undefined)
    throw new Refused(new DeployError("frozen", frozen[2] ?? ""), `frozen ${frozen.slice(1).join(" ")}`);
  const [holder = "-"] = held.words;
  const left = held.expiry - seconds(ground);
  if (holder === "-" || left <= 0 || holder === over) return;
  throw new Refused(new DeployError("locked", holder), `held ${held.token} ${left} ${held.words.join(" ")}`);
}

export async function renew(
  ground: Ground,
  { fence: by, lease, phase }: Asks["renew"],
): Promise<readonly string[]> {
  return alone(ground, async () => {
    await fence(ground, by);
    const held = await readHeld(ground);
    if (held.words[0] !== by.owner || held.token !== by.token)
      throw new DeployError(
        "fenced",
        `the lock is now token ${held.token} of ${held.words[0]}, ours is ${by.token}`,
      );
    const words = [...held.words.slice(0, 6), word(phase)];
    await write(ground, { token: held.token, expiry: seconds(ground) + lease, words });
    return [`token ${held.token}`];
  });
}

export async function adopt(ground: Ground, { fence: by, mend }: Asks["adopt"]): Promise<readonly string[]> {
  return alone(ground, async () => {
    if (mend) await putText(ground, "lock/adopted", `1 ${by.token} ${by.owner}\n`);
    else await fence(ground, by);
    return ["adopted"];
  });
}

export async function release(ground: Ground, ask: Asks["release"]): Promise<readonly string[]> {
  if ((await ground.files.list(`${ground.own}/lock`)) === undefined) return ["released 0"];
  return alone(ground, async () => {
    const { force } = ask;
    if (force !== undefined) return forced(ground, ask.owner, force);
    const held = await readHeld(ground);
    const [holder = "-"] = held.words;
    if (holder === "-") return ["released 0"];
    if (holder !== ask.owner || (ask.token !== undefined && ask.token !== held.token))
      throw new DeployError("fenced", `the lock is token ${held.token} of ${holder}, not ours`);
    await write(ground, { token: held.token, expiry: 0, words: free });
    return ["released 1"];
  });
}

/** Who held it is fenced from here on. */
async function forced(
  ground: Ground,
  owner: string,
  { token, mend }: NonNullable<Asks["release"]["force"]>,
): Promise<readonly string[]> {
  const held = mend ? { token, expiry: 0, words: free } : await readHeld(ground);
  const [was = "-"] = held.words;
  if (was === "-" && !mend) return ["released 0"];
  const next = mend ? token : Math.max(held.token, (await readAdopted(ground)).token) + 1;
  await write(ground, { token: next, expiry: 0, words: free });
  await putText(ground, "lock/adopted", `1 ${next} ${owner}\n`);
  return [`released 1 ${was} ${next}`];
}

export async function freeze(ground: Ground, { owner, reason }: Asks["freeze"]): Promise<readonly string[]> {
  await makeBase(ground);
  return alone(ground, async () => {
    const was = await readWords(ground, "lock/frozen");
    const words = Buffer.from(reason).toString("hex");
    await putText(ground, "lock/frozen", `1 ${stamp(ground)} ${owner} ${words}\n`);
    return [`frozen ${was?.[1] ?? "-"}`];
  });
}

export async function unfreeze(ground: Ground): Promise<readonly string[]> {
  if ((await readText(ground, "lock/frozen")) === undefined) return ["frozen -"];
  return alone(ground, async () => {
    const was = await readWords(ground, "lock/frozen");
    await ground.files.remove(`${ground.own}/lock/frozen`);
    return [`frozen ${was?.[1] ?? "-"}`];
  });
}
