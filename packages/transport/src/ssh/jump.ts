import { DeployError, type Host } from "@deploy/core";
import type { Client, ClientChannel } from "ssh2";
import { forward } from "./forward.ts";

/** One connection to a jump host, shared by all who go through it and ended with the last of them. */
export class Jump {
  readonly #host: Host;
  readonly #connect: (host: Host) => Promise<Client>;
  #client: Promise<Client> | undefined;
  #users = 0;

  constructor(host: Host, connect: (host: Host) => Promise<Client>) {
    this.#host = host;
    this.#connect = connect;
  }

  /** Counts one user in: `release` counts it out again, any number of times. */
  enter(): { readonly release: () => void } {
    this.#users++;
    let inside = true;
    const release = () => {
      if (!inside) return;
      inside = false;
      if (--this.#users === 0) this.#leave();
    };
    return { release };
  }

  /** A stream to `target`, made by the jump host. Throws a DeployError that names both. */
  async stream(target: Host): Promise<ClientChannel> {
    const stream = await forward(await this.#open(), target.address, target.port);
    if ("write" in stream) return stream;
    const message = `The jump host ${this.#host.name} could not connect to ${target.address} port ${target.port}: ${stream.reason}`;
    const place = { host: target.name };
    if (stream.prohibited)
      throw new DeployError("forwarding-refused", message, {
        hint: "Allow it in the jump host's sshd_config (AllowTcpForwarding, PermitOpen).",
        place,
      });
    if (/refused/i.test(stream.reason)) throw new DeployError("connect-refused", message, { place });
    if (/timed out/i.test(stream.reason)) throw new DeployError("connect-timeout", message, { place });
    if (/name|resolve/i.test(stream.reason)) throw new DeployError("connect-dns", message, { place });
    throw new DeployError("connect-failed", message, { place });
  }

  #open(): Promise<Client> {
    if (this.#client !== undefined) return this.#client;
    const opening = this.#connect(this.#host).then((client) => {
      client.once("close", () => this.#forget(opening));
      return client;
    });
    this.#client = opening;
    opening.catch(() => this.#forget(opening));
    return opening;
  }

  #forget(opening: Promise<Client>): void {
    if (this.#client === opening) this.#client = undefined;
  }

  #leave(): void {
    const opening = this.#client;
    this.#client = undefined;
    void opening?.then((client) => client.end()).catch(() => {});
  }
}
