import { DeployError } from "@deploy/core";
import type { Fence } from "@deploy/remote";
import { type Ground, putText, readWords } from "./ground.ts";

/** Milliseconds between looks, and looks after which who made it counts as dead: it is held for a few calls only. */
const pause = 500;
const looks = 60;

const waiting = new WeakMap<object, Promise<unknown>>();

/** Runs `work` while nobody else changes the lock's files: in this process one after the other, among runs by a folder that one of them makes. */
export async function alone<T>(ground: Ground, work: () => Promise<T>): Promise<T> {
  const before = waiting.get(ground.files) ?? Promise.resolve();
  const mine = before.then(() => held(ground, work));
  waiting.set(
    ground.files,
    mine.catch(() => undefined),
  );
  return mine;
}

async function held<T>({ files, own, clock }: Ground, work: () => Promise<T>): Promise<T> {
  const folder = `${own}/lock/mutex.d`;
  for (let look = 0; !(await files.makeFolder(folder)); look++) {
    // A folder can be renamed once: of several that wait, one takes it away.
    if (look >= looks)
      await files.rename(folder, `${folder}.dead`).then(() => files.removeFolder(`${folder}.dead`));
    else await clock.sleep(pause);
  }
  try {
    return await work();
  } finally {
    await files.removeFolder(folder);
  }
}

/** A higher token is adopted; a lower one, or another owner's, is refused with `fenced`. */
export async function fence(ground: Ground, { token, owner }: Fence): Promise<void> {
  const adopted = await readAdopted(ground);
  if (token < adopted.token || (token === adopted.token && owner !== adopted.owner))
    throw new DeployError(
      "fenced",
      `token ${adopted.token} of ${adopted.owner} was adopted here, ours is ${token} of ${owner}`,
    );
  if (token !== adopted.token) await putText(ground, "lock/adopted", `1 ${token} ${owner}\n`);
}

export async function readAdopted(
  ground: Ground,
): Promise<{ readonly token: number; readonly owner: string }> {
  const words = await readWords(ground, "lock/adopted");
  if (words === undefined) return { token: 0, owner: "-" };
  const [version, token = "", owner = "-"] = words;
  if (version === "1" && /^\d{1,15}$/.test(token)) return { token: Number(token), owner };
  throw new DeployError("lock-corrupt", `${ground.own}/lock/adopted cannot be read`);
}

export const entered = (ground: Ground, by: Fence): Promise<void> => alone(ground, () => fence(ground, by));
