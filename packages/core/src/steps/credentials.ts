import type { StoreSettings } from "../config/types.ts";

/** What whoever carries a plan out must be given, beside what logs in. */
export interface Credential {
  readonly name: "database-url" | "aws-keys" | "id-token" | "vault-password";
  /** What it is for, in words. */
  readonly use: string;
  /** What the config calls the secret, where it names one. */
  readonly secret?: string;
}

/** A store whose config names a role is spoken to with the run's OIDC token, any other one with keys; a folder with neither. */
export function storeCredential(use: string, store: StoreSettings | undefined): readonly Credential[] {
  if (store?.to.startsWith("s3://") !== true) return [];
  return [roleCredential(use, store.role)];
}

export function roleCredential(use: string, role: string | undefined): Credential {
  return { name: role === undefined ? "aws-keys" : "id-token", use };
}
