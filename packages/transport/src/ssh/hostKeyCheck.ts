import type { DeployError, Host } from "@deploy/core";
import { keyType } from "../keys/fingerprint.ts";
import { refusalOf } from "../keys/hostKeys.ts";
import { type KnownHosts, verdict } from "../keys/knownHosts.ts";

/** Remembers what one handshake was offered, and why it was refused. */
export class HostKeyCheck {
  refusal: DeployError | undefined;
  /** Key type of the last offer; "" before any. */
  offered = "";
  readonly #known: KnownHosts;
  readonly #host: Host;

  constructor(known: KnownHosts, host: Host) {
    this.#known = known;
    this.#host = host;
  }

  /**
   * Synchronous and strictly boolean: ssh2 takes every other answer (a promise, null, an error) for yes, and would
   * let a throw end elsewhere.
   */
  readonly verify = (blob: Buffer): boolean => {
    try {
      this.offered = keyType(blob);
      const found = verdict(this.#known, this.#host.address, this.#host.port, blob);
      this.refusal = refusalOf(found, this.#host, blob);
      return found.verdict === "trusted" && this.refusal === undefined;
    } catch {
      return false;
    }
  };
}
