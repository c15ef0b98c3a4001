import { type CommitRange, listFolder, readCommits } from "@deploy/artifact";
import type { Commits, News, Plan } from "@deploy/core";
import type { Session } from "./types.ts";
import type { Unpackable } from "./unpacked.ts";

export interface NewsRequest {
  readonly plan: Plan;
  readonly now: Date;
  /** Of the packed release; a rollback's lies on the servers. */
  readonly manifest?: string | undefined;
  /** Its files, from which a playbook is rehearsed. */
  readonly artifact?: Pick<Unpackable, "unpack"> | undefined;
  /** The repository, and what git may see. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its page, `https://github.com/acme/polls`. */
  readonly repository?: string;
  /** Somebody else who knows commits, where git here has not all of them. */
  readonly ask?: (range: CommitRange) => Promise<Commits | undefined>;
}

const workflows = ".github/workflows/";
const rollsBack = /^roll-?back[^/]*\.ya?ml$/i;

/** What whoever approves is told beside a plan. What cannot be found out is left out, and nothing fails for it. */
export async function gatherNews(
  session: Pick<Session, "changes" | "facts" | "rehearse">,
  { plan, now, manifest, artifact, root, env, repository, ask }: NewsRequest,
): Promise<News> {
  const from = liveCommit(session, plan);
  const range = { from, to: plan.commit };
  const [here, there, changes, files, playbook] = await Promise.all([
    readCommits(root, env, range),
    from === "" || plan.commit === "" ? undefined : ask?.(range),
    // A plan with problems may name a release that no host could be asked of.
    session.changes(plan, manifest).catch(() => undefined),
    listFolder(root, env, workflows),
    session.rehearse(plan, artifact),
  ]);
  const rollbackWorkflow = files
    .map((path) => path.slice(workflows.length))
    .find((name) => rollsBack.test(name));
  return {
    now,
    ...(from === "" ? {} : { from }),
    commits: here.ahead === undefined ? { ...there, ...here } : here,
    ...(changes === undefined ? {} : { changes }),
    ...(playbook === undefined ? {} : { playbook }),
    ...(repository === undefined ? {} : { repository }),
    ...(rollbackWorkflow === undefined ? {} : { rollbackWorkflow }),
  };
}

/** Of the release that the leader serves; "" where nobody wrote it down. */
function liveCommit({ facts }: Pick<Session, "facts">, { hosts, leader }: Plan): string {
  const from = hosts.find(({ host }) => host === leader)?.from;
  const read = facts.find(({ host }) => host === leader);
  if (read?.reached !== true) return "";
  return read.releases.find(({ id }) => id === from)?.commit ?? "";
}
