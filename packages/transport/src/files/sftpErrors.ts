import { DeployError } from "@deploy/core";

/** Status codes of SFTP, version 3. */
export const codes = { end: 1, noSuchFile: 2, denied: 3, failure: 4 } as const;

/** `cause` is the server's status. A full disk is a plain failure in version 3: only words may tell, and OpenSSH's do not. */
export function sftpError(error: Error, what: string): DeployError {
  const status = (error as { readonly code?: unknown }).code;
  if (/not connected|no response|channel|closed/i.test(error.message))
    return new DeployError("connection-lost", `${what}: ${error.message}`);
  const full = /no space|quota|disk full/i.test(error.message);
  const words = status === codes.denied ? "permission denied" : error.message;
  return new DeployError(full ? "disk-full" : "write-failed", `${what}: ${words}`, { cause: status });
}
