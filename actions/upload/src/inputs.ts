import {
  connection,
  declareInputs,
  force,
  type GitAccess,
  gitAccess,
  handOver,
  type InputReader,
  type LockingInputs,
  lock,
  readGitAccess,
  readLockingInputs,
  readStoreKeys,
  type StoreKeys,
  storeKeys,
  takeOver,
} from "@deploy/action-kit";
import { planSections } from "@deploy/core";

export interface Inputs extends LockingInputs {
  /** Workflow artifact of the pack action. */
  readonly packed: string | undefined;
  /** Approved: a plan.json or the workflow artifact of the plan action. */
  readonly plan: string | undefined;
  readonly planDigest: string | undefined;
  readonly release: string | undefined;
  readonly force: boolean;
  /** Of the store that hosts fetch from. */
  readonly keys: StoreKeys | undefined;
  /** Of the repository that hosts fetch from. */
  readonly git: GitAccess;
  /** Whose deploy-to is taken over. */
  readonly takeOver: string | undefined;
}

export const declared = declareInputs({
  own: {
    packed: handOver(
      "Packed release: name or id of the workflow artifact that the `pack` action uploaded. Otherwise what an earlier step of this job packed, else `source` is packed here.",
    ),
    plan: handOver(
      "Approved plan: a plan.json, or name or id of the workflow artifact that the `plan` action uploaded. Anything else than that plan is refused.",
    ),
    "plan-digest": handOver("Digest of the approved plan; another plan is refused."),
    release: handOver("Release id from the plan; minted unless told."),
    ...force,
    ...takeOver,
  },
  groups: [storeKeys, gitAccess, lock, connection],
  sections: planSections,
  reworded: {
    "aws-access-key-id":
      "Access key of the store that hosts fetch from (`upload: { method: pull }`), where no role is assumed. A secret.",
  },
});
export const inputs = declared.names;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readLockingInputs(read, declared.sections),
    packed: read.handedOver("packed"),
    plan: read.handedOver("plan"),
    planDigest: read.handedOver("plan-digest"),
    release: read.handedOver("release"),
    force: read.flag("force", false),
    keys: readStoreKeys(read),
    git: readGitAccess(read),
    takeOver: read.string("take-over"),
  };
}
