import type { Session } from "./types.ts";

/** After a job: the lock is free again, or it is said why it stays. */
export async function giveLockBack(session: Session, say: (line: string) => void): Promise<void> {
  if (await session.releaseLock()) say("The lock is free again.");
  else if (isMigrating(session)) say(followText(session));
}

function isMigrating({ facts, config }: Session): boolean {
  const leader = facts.find(({ host }) => host === config.leader);
  return leader?.reached === true && (leader.jobs ?? []).some(({ state }) => state === "running");
}

/** A migration outlives its run: whoever reads this log must learn how to see its end. */
function followText({ config }: Session): string {
  return (
    `The migration goes on on ${config.leader}, and the lock stays. Follow it with: deploy status --environment ` +
    `${config.environment}. Re-run this job to attach to it.`
  );
}
