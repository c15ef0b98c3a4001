import { createHash } from "node:crypto";
import { DeployError } from "@deploy/core";
import { checkBase } from "../check.ts";
import { scripts } from "../scripts.gen.ts";

/** What lets a key of the plan look at a server, and do nothing else there. */
export interface PlanKey {
  /** For `~/.ssh/deploy-plan-key`; the same for every app and version. */
  readonly script: string;
  /** For `~/.ssh/authorized_keys`: ends in the public key. */
  readonly line: string;
}

/**
 * `publicKey` is a line as ssh-keygen writes it. The script runs what has the digest of this version's probe, so the line
 * is made anew for another version. Throws `argument-refused`.
 */
export function planKey(base: string, publicKey: string): PlanKey {
  const key = publicKey.trim();
  if (!/^(?:ssh|ecdsa|sk)-\S+ AAAA[A-Za-z0-9+/=]+(?: [^\r\n]*)?$/.test(key))
    throw new DeployError("argument-refused", "not a public key, one line as ssh-keygen writes it");
  if (!/^[A-Za-z0-9._~/-]+$/.test(checkBase(base)))
    throw new DeployError(
      "argument-refused",
      `deploy-to cannot stand in authorized_keys: ${JSON.stringify(base)}`,
    );
  const digest = createHash("sha256").update(scripts.probe).digest("hex");
  return {
    script: scripts.planKey,
    line: `restrict,command="sh ~/.ssh/deploy-plan-key '${base}' ${digest}" ${key}`,
  };
}
