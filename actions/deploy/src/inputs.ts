import {
  backingUp,
  connection,
  declareInputs,
  force,
  type GitAccess,
  gitAccess,
  handOver,
  type InputReader,
  type LockingInputs,
  lock,
  type MigrationWord,
  migrationWord,
  readGitAccess,
  readLockingInputs,
  readMigrationWord,
  readStoreKeys,
  recorded,
  type StoreKeys,
  storeKeys,
  takeOver,
  vault,
} from "@deploy/action-kit";
import { planSections, type Secret } from "@deploy/core";

export interface Inputs extends LockingInputs {
  /** Workflow artifact of the pack action. */
  readonly packed: string | undefined;
  /** The build commands ran before, in steps of their own. */
  readonly built: boolean;
  /** Earlier steps of this job published the assets. */
  readonly published: boolean;
  /** Workflow artifact of the plan action, or a plan.json of this job. */
  readonly plan: string | undefined;
  readonly planDigest: string | undefined;
  readonly release: string | undefined;
  readonly force: boolean;
  readonly takeOver: string | undefined;
  readonly allowOrigin: readonly string[];
  /** For the backup that comes before the migration, where the config has one. */
  readonly databaseUrl: Secret | undefined;
  readonly keys: StoreKeys | undefined;
  /** Of the repository that hosts fetch from. */
  /** Of Ansible's vault. */
  readonly vault: Secret | undefined;
  readonly git: GitAccess;
  readonly allowIdentityChange: boolean;
  readonly signingKey: Secret | undefined;
  readonly migration: MigrationWord;
  /** Record the run as a deployment of GitHub. */
  readonly recorded: boolean;
}

export const declared = declareInputs({
  own: {
    packed: handOver(
      "Packed release: name or id of the workflow artifact that the `pack` action uploaded. Otherwise `source` is packed here, as it lies there.",
    ),
    "already-built": {
      description:
        "`true`: earlier steps of this job built what `source` holds. The config's `build` commands never run here, beside a key.",
      default: "false",
    },
    "already-published": {
      description:
        "`true`: an earlier step of this job published the config's assets, with `build-assets` and its `phase: publish`.",
      default: "false",
    },
    plan: handOver(
      "Approved plan: name or id of the artifact that the `plan` action uploaded, or a plan.json of this job. Another plan is refused.",
    ),
    release: handOver(
      "Release id from a plan that somebody read, with its `plan-digest`; minted unless told.",
    ),
    "plan-digest": handOver("Digest of a plan that somebody read; another plan is refused."),
    "allow-origin":
      "Allowed all the same, one per line: `pull_request_target`, `fork`. Without it what somebody without write access could have started or written is refused.",
    "database-url":
      "URL of the database for the backup before the migration, as its `from` sees it. The variable that `backup.url-secret` names unless told. A secret.",
    ...force,
    ...takeOver,
  },
  groups: [vault, migrationWord, backingUp, storeKeys, gitAccess, lock, recorded, connection],
  sections: [...planSections, "build"],
});
export const inputs = declared.names;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readLockingInputs(read, declared.sections),
    packed: read.handedOver("packed"),
    built: read.flag("already-built", false),
    published: read.flag("already-published", false),
    plan: read.handedOver("plan"),
    planDigest: read.handedOver("plan-digest"),
    release: read.handedOver("release"),
    force: read.flag("force", false),
    takeOver: read.string("take-over"),
    allowOrigin: read.lines("allow-origin"),
    databaseUrl: read.secret("database-url"),
    vault: read.secret("vault-password"),
    keys: readStoreKeys(read),
    git: readGitAccess(read),
    allowIdentityChange: read.flag("allow-identity-change", false),
    signingKey: read.secret("signing-key"),
    migration: readMigrationWord(read),
    recorded: read.flag("github-deployment", false),
  };
}
