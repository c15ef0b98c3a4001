/** What only whoever starts a run can give it. */
export type MeansName =
  | "artifact"
  | "backups"
  | "shelf"
  | "rsync"
  | "git"
  | "playbook"
  | "balancers"
  | "targetGroups";
