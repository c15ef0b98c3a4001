import { isIP } from "node:net";
import type { SeenCertificate } from "@deploy/core";
import { patience } from "./address.ts";

/** The certificate shown for a name at an address, read without judging it first: an expired one is to be told, too. Undefined: no TLS. */
export async function certificateAt(
  name: string,
  address: string,
  port: number,
): Promise<SeenCertificate | undefined> {
  const { connect } = await import("node:tls");
  return new Promise((done) => {
    const socket = connect({
      host: address,
      port,
      // RFC 6066: an address is no name.
      ...(isIP(name) === 0 ? { servername: name } : {}),
      rejectUnauthorized: false,
      timeout: patience,
    });
    const end = (certificate: SeenCertificate | undefined) => {
      socket.destroy();
      done(certificate);
    };
    socket.once("secureConnect", () => {
      const ends = new Date(socket.getPeerCertificate().valid_to);
      // Node types it as an error; it is its code.
      const refused = socket.authorized ? undefined : String(socket.authorizationError);
      end({ ends, ...(refused === undefined ? {} : { refused }) });
    });
    socket.once("timeout", () => end(undefined));
    socket.once("error", () => end(undefined));
  });
}
