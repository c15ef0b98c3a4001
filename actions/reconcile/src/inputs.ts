import {
  connection,
  declareInputs,
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
  /** Workflow artifact of the pack action, of the fleet's release. */
  readonly packed: string | undefined;
  /** Of the store that hosts fetch from, and the target groups that they leave. */
  readonly keys: StoreKeys | undefined;
  /** Of the repository that hosts fetch from. */
  readonly git: GitAccess;
  /** Whose deploy-to is taken over. */
  readonly takeOver: string | undefined;
}

export const declared = declareInputs({
  own: {
    packed: handOver(
      "Packed files of the fleet's release: name or id of the workflow artifact that the `pack` action uploaded. Needed only where a server lacks that release; otherwise `source` is packed here then.",
    ),
    ...takeOver,
  },
  groups: [storeKeys, gitAccess, lock, connection],
  sections: planSections,
  reworded: {
    "aws-access-key-id":
      "Access key of the store that hosts fetch from (`upload: { method: pull }`) and for the target groups that they leave (`pool: { kind: target-group }`), where no role is assumed. A secret.",
  },
});
export const inputs = declared.names;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readLockingInputs(read, declared.sections),
    packed: read.handedOver("packed"),
    keys: readStoreKeys(read),
    git: readGitAccess(read),
    takeOver: read.string("take-over"),
  };
}
