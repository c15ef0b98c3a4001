import { DeployError } from "@deploy/core";
import type { Asks } from "@deploy/remote";
import type { ExecOptions } from "../port.ts";
import { carryOut, changeOf, makeWay } from "./converge.ts";
import { type Ground, journal, putText, readLive, readRelease, readTree, setState } from "./ground.ts";
import { entered } from "./mutex.ts";

type Flip = Asks["flip"];

/** The switch. `say` tells that all is ready and the word is waited for. */
export async function flip(
  ground: Ground,
  ask: Flip,
  { input }: ExecOptions,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const { expect, to, step } = ask;
  await entered(ground, ask.fence);
  const { current, begun } = await readLive(ground);
  const cut = begun !== undefined && begun.to !== to && current !== to ? begun : undefined;
  if (cut !== undefined) await bring(ground, cut.to, current);
  if (current === to && begun === undefined) {
    await record(ground, ask);
    return ["already"];
  }
  if (current !== expect && current !== to)
    throw new DeployError(
      "current-changed",
      `${current ?? "nothing"} is live, expected ${expect ?? "nothing"}`,
    );
  if (to !== null && current !== to) await allowed(ground, to, step);
  // The way back of a switch that was cut: what is recorded as live is wanted, and the other lies in place in part.
  const other = current === to ? (begun?.to ?? null) : current;
  const change = changeOf(await readTree(ground, to), await readTree(ground, other));
  await makeWay(ground, change);
  if (ask.armed !== undefined) {
    say("armed");
    if (!(await isTold(ground, input, ask.armed))) return ["stood-down"];
  }
  if (begun === undefined || current !== to)
    await putText(ground, "switching", `1 ${current ?? "-"} ${to ?? "-"} ${step}\n`);
  await carryOut(ground, change);
  await settle(ground, to);
  await journal(ground, ask.fence, [other, to, step]);
  await record(ground, ask);
  return ["switched"];
}

/** Finishes, or takes back, what a run that was cut left of its switch. */
async function bring(ground: Ground, from: string | null, to: string | null): Promise<void> {
  const change = changeOf(await readTree(ground, to), await readTree(ground, from));
  await makeWay(ground, change);
  await carryOut(ground, change);
  await ground.files.remove(`${ground.own}/switching`);
}

async function settle(ground: Ground, to: string | null): Promise<void> {
  await putText(ground, "current", `1 ${to ?? "-"}\n`);
  await ground.files.remove(`${ground.own}/switching`);
}

/** As flip.sh: a way back is never refused. */
async function allowed(ground: Ground, id: string, step: Flip["step"]): Promise<void> {
  const release = await readRelease(ground, id);
  if (release === undefined)
    throw new DeployError("release-missing", `there is no release ${id} in ${ground.own}`);
  const fit = {
    activate: ["ready", "active", "good"],
    rollback: ["good"],
    revert: ["ready", "active", "good", "bad"],
  };
  if (!fit[step].includes(release.state))
    throw new DeployError("release-not-ready", `release ${id} is ${release.state}: ${step} is refused`);
}

/** The switch is done: what it makes of states may be repeated by the next. */
async function record(ground: Ground, { step, to, expect }: Flip): Promise<void> {
  if (to !== null) {
    const state = (await readRelease(ground, to))?.state;
    if ((step === "activate" && state === "ready") || (step === "revert" && state === "good"))
      await setState(ground, to, "active");
  }
  if (step === "revert" && expect !== null && expect !== to) await setState(ground, expect, "bad");
}

/** A line `go` before the input ends or the patience is over. */
async function isTold({ clock }: Ground, input: ExecOptions["input"], seconds: number): Promise<boolean> {
  const stop = new AbortController();
  const late = clock.sleep(seconds * 1000, stop.signal).then(() => "");
  const said = async (): Promise<string> => {
    let text = "";
    for await (const chunk of input ?? []) text += new TextDecoder().decode(chunk);
    return text;
  };
  const word = await Promise.race([said().catch(() => ""), late]);
  stop.abort();
  return word === "go\n";
}
