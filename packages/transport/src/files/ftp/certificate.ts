import type { TLSSocket } from "node:tls";
import { DeployError, type Host } from "@deploy/core";

/** Bytes as `openssl x509 -noout -fingerprint -sha256` shows them. */
const shown = (hex: string): string => (hex.match(/../g) ?? []).join(":").toUpperCase();

/** By Node's codes, most of which are OpenSSL's. */
const whys: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "it has expired",
  CERT_NOT_YET_VALID: "it is not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "nobody but itself has signed it",
  ERR_TLS_CERT_ALTNAME_INVALID: "it is for another name",
  SELF_SIGNED_CERT_IN_CHAIN: "this system does not know who signed it",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "this system does not know who signed it",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "this system does not know who signed it",
};

/**
 * Whether this is the server, and why not. With a pin (SHA-256 of its certificate, 64 hexadecimal digits) only that; else a certificate
 * of an authority that the system trusts, for the host's address. A session that goes on was judged when it began.
 */
export function judge(socket: TLSSocket, { name, address, certificate }: Host): DeployError | undefined {
  const print = socket.getPeerX509Certificate()?.fingerprint256.replaceAll(":", "").toLowerCase();
  if (print === undefined && socket.isSessionReused()) return undefined;
  const refuse = (why: string, hint: string) =>
    new DeployError("certificate-refused", `the certificate of ${name} is not trusted: ${why}`, {
      hint,
      place: { host: name },
    });
  const offered = print === undefined ? "none" : shown(print);
  if (certificate !== undefined)
    return print === certificate
      ? undefined
      : refuse(
          `it is ${offered}, and ${shown(certificate)} is expected`,
          `Ask the hoster whether it was renewed; only then replace \`certificate\` of ${name}.`,
        );
  if (socket.authorized) return undefined;
  const code = String(socket.authorizationError);
  return refuse(
    `${whys[code] ?? code} (${address})`,
    `Write the name that the certificate is for as the address; or, after comparing it with the hoster's, \`certificate: "${offered}"\` beside \`via\`.`,
  );
}
