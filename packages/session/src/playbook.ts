import { tmpdir } from "node:os";
import {
  type ArtifactSource,
  type Phase,
  type Plan,
  playbookIn,
  problemOf,
  type Rehearsed,
  type Secret,
  stepsOf,
} from "@deploy/core";
import { askedOf, type Fleet, type PlaybookRunner } from "@deploy/engine";
import { loadPlay } from "@deploy/transport";
import { lines } from "./lines.ts";
import { type Unpackable, unpackedRoom } from "./unpacked.ts";

/** The vault's password by the name of its variable. */
export type VaultOf = (name: string) => Secret | undefined;

/** Lets `work` run playbooks of a packed release, which is unpacked when the first is. */
async function withTree<T>(
  packed: Pick<Unpackable, "unpack">,
  vaultOf: VaultOf,
  work: (playbook: PlaybookRunner) => Promise<T>,
): Promise<T> {
  const room = unpackedRoom(packed, tmpdir());
  try {
    return await work(async ({ playbook, onLine, ...asked }) => {
      const play = await loadPlay();
      const { vaultSecret, file, tags, diff, timeout } = playbook;
      const vault = vaultSecret === undefined ? undefined : vaultOf(vaultSecret);
      const told = lines(onLine);
      const played = await play({
        ...{ ...asked, file, tags, diff, timeout, vault },
        tree: await room.tree(),
        onOutput: told.take,
      });
      told.end();
      return played;
    });
  } finally {
    await room.close();
  }
}

interface Request {
  readonly plan: Plan;
  readonly phases: readonly Phase[];
  readonly artifact?: ArtifactSource & Partial<Pick<Unpackable, "unpack">>;
}

/** Runs `work` with what runs playbooks, where the release is at hand and a phase asks for one. */
export async function withPlaybook<T>(
  { plan, phases, artifact }: Request,
  vaultOf: VaultOf,
  work: (means: { readonly playbook?: PlaybookRunner }) => Promise<T>,
): Promise<T> {
  const wanted = playbookIn(stepsOf(plan, phases)) !== undefined;
  const { unpack } = artifact ?? {};
  if (!wanted || unpack === undefined) return work({});
  return withTree({ unpack }, vaultOf, (playbook) => work({ playbook }));
}

/** What the plan's playbook would change. Never rejects: what cannot be found out is said. */
export async function rehearsed(
  fleet: Fleet,
  plan: Plan,
  artifact: Pick<Unpackable, "unpack"> | undefined,
  { vaultOf, signal }: { readonly vaultOf: VaultOf; readonly signal: AbortSignal },
): Promise<Rehearsed | undefined> {
  const step = playbookIn(stepsOf(plan));
  if (step?.check !== true || plan.problems.length > 0) return undefined;
  if (artifact === undefined) return { unknown: "the release is not at hand" };
  try {
    return await withTree(artifact, vaultOf, async (playbook) => {
      const said: string[] = [];
      const asked = { ...askedOf(fleet, plan, step), check: true, signal };
      const { code, tasks } = await playbook({ ...asked, onLine: (line) => void said.push(line) });
      if (code === 0 || tasks.some(({ state }) => state !== "changed")) return { tasks };
      return { unknown: `Ansible exited ${code}: ${said.filter((line) => line.trim() !== "").at(-1) ?? ""}` };
    });
  } catch (error) {
    return { unknown: problemOf(error).message };
  }
}
