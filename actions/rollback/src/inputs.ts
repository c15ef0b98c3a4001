import {
  connection,
  declareInputs,
  handOver,
  type InputReader,
  type LockingInputs,
  lock,
  readLockingInputs,
  readStoreKeys,
  recorded,
  type StoreKeys,
  storeKeys,
  takeOver,
} from "@deploy/action-kit";
import { fleetSections } from "@deploy/core";

export interface Inputs extends LockingInputs {
  /** Of the target groups that hosts leave. */
  readonly keys: StoreKeys | undefined;
  /** Release id; absent: the newest good one before the live one. */
  readonly to: string | undefined;
  /** Approved: a plan.json or the workflow artifact of the plan action. */
  readonly plan: string | undefined;
  readonly planDigest: string | undefined;
  /** Whose deploy-to is taken over. */
  readonly takeOver: string | undefined;
  /** Record the run as a deployment of GitHub. */
  readonly recorded: boolean;
}

export const declared = declareInputs({
  own: {
    to: "Release to go back to; the newest good one before the live one unless told.",
    plan: handOver(
      "Approved plan: a plan.json, or name or id of the workflow artifact that the `plan` action uploaded. Anything else than that plan is refused.",
    ),
    "plan-digest": handOver("Digest of the approved plan; another plan is refused."),
    ...takeOver,
  },
  groups: [storeKeys, lock, recorded, connection],
  sections: [...fleetSections, "url", "shared", "migrate", "configure", "activate"],
  reworded: {
    "aws-access-key-id":
      "Access key for the target groups that hosts leave (`pool: { kind: target-group }`), where no role is assumed. A secret.",
  },
});
export const inputs = declared.names;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readLockingInputs(read, declared.sections),
    keys: readStoreKeys(read),
    to: read.string("to"),
    plan: read.handedOver("plan"),
    planDigest: read.handedOver("plan-digest"),
    takeOver: read.string("take-over"),
    recorded: read.flag("github-deployment", false),
  };
}
