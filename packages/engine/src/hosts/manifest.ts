import { manifestOf } from "@deploy/remote";
import { ask } from "./ask.ts";
import { type Fleet, linkOf } from "./fleet.ts";

/** Some 100 bytes a file. */
const capture = 64 * 1024 * 1024;

/** The manifest of a release as the leader keeps it; undefined where it cannot be told, or another tool made the release. Never throws. */
export async function leaderManifest(
  fleet: Fleet,
  base: string,
  release: string,
): Promise<string | undefined> {
  const answer = await ask(linkOf(fleet, fleet.leader), manifestOf({ base, release }), () => ({ capture }));
  return answer.status === "ok" ? answer.value : undefined;
}
