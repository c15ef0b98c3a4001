/** A commit as people know it; both texts are whatever somebody wrote. */
export interface NamedCommit {
  readonly subject: string;
  readonly author: string;
}

/** What lies between the commit that is live and the one that is planned. Absent: nobody could say. */
export interface Commits {
  readonly last?: NamedCommit;
  /** The oldest new one, where there are several. */
  readonly first?: NamedCommit;
  /** How many are new. */
  readonly ahead?: number;
  /** How many are live, and not in the planned one. */
  readonly behind?: number;
}

/** How the files of a release differ from those that are live: paths, and links among them. */
export interface Changes {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Of all files there will be. */
  readonly files: number;
}

/** A task that Ansible would run, and what would come of it; all texts are whatever the playbook and its hosts say. */
export interface PlayedTask {
  readonly host: string;
  readonly task: string;
  readonly state: "changed" | "failed" | "unreachable";
  /** Why it failed, or how a file differs. */
  readonly text: string;
}

/** A playbook in check mode: the tasks that would change something or fail; or, in words, why nobody can tell. */
export type Rehearsed = { readonly tasks: readonly PlayedTask[] } | { readonly unknown: string };

/**
 * What whoever approves is told beside the plan, from git, GitHub and the servers: shown, and nothing is done by it. What is absent
 * is not known, and told so.
 */
export interface News {
  /** What a playbook would change; absent: the plan has none, or nobody is to look. */
  readonly playbook?: Rehearsed;
  /** Absent: nobody looked for any, and nothing is said. */
  readonly now?: Date;
  /** Full hash of the commit that the leader serves. */
  readonly from?: string;
  readonly commits?: Commits;
  readonly changes?: Changes;
  /** `https://github.com/acme/polls`. */
  readonly repository?: string;
  /** File name of the workflow that rolls back: `rollback.yml`. */
  readonly rollbackWorkflow?: string;
}
