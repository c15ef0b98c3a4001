import ssh2, { type AuthContext } from "ssh2";
import { wireOf } from "./keys.ts";

/** One user, one public key; every other method or key is refused. */
export function authenticate(attempt: AuthContext, username: string, authorizedKey: string): void {
  if (attempt.method !== "publickey" || attempt.username !== username) {
    attempt.reject(["publickey"]);
    return;
  }
  const key = ssh2.utils.parseKey(authorizedKey);
  const known = !(key instanceof Error) && wireOf(authorizedKey).equals(attempt.key.data);
  const proven =
    known &&
    (attempt.signature === undefined ||
      (attempt.blob !== undefined && key.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true));
  if (proven) attempt.accept();
  else attempt.reject(["publickey"]);
}
