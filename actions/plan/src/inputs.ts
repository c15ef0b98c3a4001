import {
  connection,
  declareInputs,
  type FleetInputs,
  force,
  handOver,
  type InputReader,
  readFleetInputs,
  retention,
  takeOver,
  vault,
} from "@deploy/action-kit";
import type { Secret } from "@deploy/core";
import { planSections } from "@deploy/core";
import type { Given } from "./credentials.ts";

export interface Inputs extends FleetInputs {
  readonly kind: "deploy" | "rollback";
  /** Workflow artifact of the pack action. */
  readonly packed: string | undefined;
  readonly to: string | undefined;
  readonly release: string | undefined;
  /** Of a plan that was approved in an earlier run. */
  readonly planDigest: string | undefined;
  readonly force: boolean;
  readonly upload: boolean;
  readonly retentionDays: number;
  readonly ref: string | undefined;
  readonly allowOrigin: readonly string[];
  readonly given: Given;
  /** Of Ansible's vault. */
  readonly vault: Secret | undefined;
  /** Asks GitHub which commits are new. */
  readonly githubToken?: Secret;
  /** Whose deploy-to is taken over. */
  readonly takeOver: string | undefined;
}

export const declared = declareInputs({
  own: {
    packed: handOver(
      "Packed release: name or id of the workflow artifact that the `pack` action uploaded. Otherwise what an earlier step of this job packed, else `source` is packed here.",
    ),
    kind: { description: "`deploy` or `rollback`.", default: "deploy" },
    to: "Release a rollback goes back to; the newest good one before the live one unless told.",
    release: handOver("Release id to plan for, from an earlier plan; minted unless told."),
    "plan-digest": handOver(
      "Digest of a plan that somebody read in an earlier run, with its `release`; another plan is refused.",
    ),
    ref: "What was checked out, where it is not the commit of the run: a pull request's ref is refused.",
    "allow-origin":
      "Allowed all the same, one per line: `pull_request_target`, `fork`. Without it a plan is refused for what somebody without write access could have started or written.",
    given:
      "What the job that deploys is given, as far as it is seen from here, one per line: `database-url=true`, `aws-keys=false`, `id-token=false`. The rest of what the plan needs is listed for whoever approves.",
    "github-token":
      "Asks GitHub which commits are new, where the checkout has no history. Needs `contents: read`. Without it their number is shown as unknown then.",
    ...force,
    ...takeOver,
    upload: { description: "`false`: keep plan.json in this job, do not upload it.", default: "true" },
    ...retention,
  },
  groups: [vault, connection],
  sections: planSections,
});
export const inputs = declared.names;

export function readInputs(read: InputReader): Inputs {
  const token = read.secret("github-token");
  return {
    ...(token === undefined ? {} : { githubToken: token }),
    ...readFleetInputs(read, declared.sections),
    kind: read.choice("kind", ["deploy", "rollback"]),
    packed: read.handedOver("packed"),
    to: read.string("to"),
    release: read.handedOver("release"),
    planDigest: read.handedOver("plan-digest"),
    force: read.flag("force", false),
    upload: read.flag("upload", true),
    ref: read.string("ref"),
    allowOrigin: read.lines("allow-origin"),
    given: read.lines("given"),
    vault: read.secret("vault-password"),
    retentionDays: read.whole("retention-days", 400, 30),
    takeOver: read.string("take-over"),
  };
}
