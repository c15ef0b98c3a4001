import type { Artifact, Facts } from "@deploy/core";

/** Whether this host was seen to hold the release whole: it then only has to say so itself. */
export function wasSeenWhole(facts: Facts | undefined, release: string, artifact: Artifact): boolean {
  if (facts?.reached !== true) return false;
  const found = facts.releases.find(({ id }) => id === release);
  return found?.manifest === artifact.manifest && found.state !== "partial" && found.state !== "bad";
}
