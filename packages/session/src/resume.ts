import { DeployError, type Plan } from "@deploy/core";
import { preparedRequest } from "./prepared.ts";
import { askedFor, deployRequest } from "./release.ts";
import type { Session } from "./types.ts";

/**
 * The plan a later step goes on with: planned anew from what the servers say now, and refused (`plan-changed`) where
 * it is not the one an earlier step of this job began. With a release only, it is planned from what lies on the hosts.
 */
export function resumePlan(
  session: Session,
  begun: Plan | undefined,
  release: string | undefined,
  now: Date,
): Plan {
  const { facts } = session;
  if (begun?.artifact !== undefined && (release ?? begun.release) === begun.release) {
    const { commit, artifact } = begun;
    return session.plan(deployRequest({ commit, artifact }, now, askedFor(begun)), begun);
  }
  if (release === undefined)
    throw new DeployError("release-unknown", "No upload step ran in this job before this one");
  return session.plan({ kind: "deploy", now, ...preparedRequest(facts, release), release });
}
