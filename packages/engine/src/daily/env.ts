import { DeployErrors, makeProblem, type Problem } from "@deploy/core";
import { type EnvFile, type EnvListed, envCommit, envDrop, envList, envSet, envUnset } from "@deploy/remote";
import { askSurely } from "../hosts/ask.ts";
import type { Fleet, Link } from "../hosts/fleet.ts";
import { type RepairOptions, underLock } from "../repair/leader.ts";
import type { Control } from "../types.ts";

/** What a host's file sets, or why that is not known. */
export type HostEnv = { readonly host: string } & (
  | ({ readonly reached: true } & EnvListed)
  | { readonly reached: false; readonly problem: Problem }
);

export type EnvChange = { readonly set: string } | { readonly unset: readonly string[] };

/** Reads every host's file at once. */
export function listEnv(fleet: Fleet, of: EnvFile): Promise<readonly HostEnv[]> {
  return Promise.all(
    [...fleet.links.values()].map(async (link): Promise<HostEnv> => {
      const { name: host } = link.host;
      const answer = await askSurely(link, envList(of));
      return answer.status === "ok"
        ? { host, reached: true, ...answer.value }
        : { host, reached: false, problem: answer.problem };
    }),
  );
}

/**
 * Changes the file on every host or on none: all make it ready, under the fleet lock, and rename it only then. Throws what stood in the
 * way, and nothing is changed then. Returned is what a rename met: those hosts may differ from the others.
 */
export function changeEnv(
  fleet: Fleet,
  of: EnvFile,
  change: EnvChange,
  options: RepairOptions & Pick<Control, "clock" | "events">,
): Promise<readonly Problem[]> {
  const links = [...fleet.links.values()];
  return underLock(fleet, options, async (lost) => {
    const unready = await problemsOf(links, (link) => makeReady(link, of, change));
    if (unready.length > 0 || lost()) {
      await problemsOf(links, (link) => askSurely(link, envDrop(of)));
      throw new DeployErrors(unready.length > 0 ? unready : [taken()]);
    }
    return problemsOf(links, (link) => askSurely(link, envCommit(of)));
  });
}

const taken = (): Problem =>
  makeProblem("locked", "somebody else took the fleet lock meanwhile: nothing was changed");

function makeReady(link: Link, of: EnvFile, change: EnvChange) {
  if ("unset" in change) return askSurely(link, envUnset(of, change.unset));
  const bytes = new TextEncoder().encode(change.set);
  return askSurely(link, envSet(of), () => ({ input: once(bytes) }));
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function problemsOf(
  links: readonly Link[],
  work: (link: Link) => ReturnType<typeof askSurely<void>>,
): Promise<readonly Problem[]> {
  const answers = await Promise.all(links.map(work));
  return answers.flatMap((answer) => (answer.status === "ok" ? [] : [answer.problem]));
}
