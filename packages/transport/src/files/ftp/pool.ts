import { setTimeout as pause } from "node:timers/promises";
import { DeployError, type Host } from "@deploy/core";
import type { Client } from "basic-ftp";
import { ftpError } from "./errors.ts";

/** Milliseconds after which a connection that rested is asked whether it is still there: servers end those that are idle. */
const fresh = 10_000;

/** Milliseconds between askings of a server that takes no connection at all. */
const pauses = [250, 500, 1_000, 2_000];

interface Resting {
  readonly client: Client;
  readonly since: number;
}

/** Connections to one server, each of which does one thing at a time. As many as are wanted and the server takes, up to `most`. */
export class Pool {
  readonly #host: Host;
  readonly #open: () => Promise<Client>;
  readonly #now: () => number;
  readonly #resting: Resting[] = [];
  readonly #clients = new Set<Client>();
  readonly #waiting: (() => void)[] = [];
  #opening = 0;
  #most: number;
  #lost: string | undefined;

  constructor(host: Host, most: number, open: () => Promise<Client>, now: () => number) {
    this.#host = host;
    this.#most = most;
    this.#open = open;
    this.#now = now;
  }

  get most(): number {
    return this.#most;
  }

  /** Rejects with a DeployError, or with what `work` threw that the server had said. */
  async run<T>(what: string, work: (client: Client) => Promise<T>): Promise<T> {
    const client = await this.#take();
    try {
      return await work(client);
    } catch (error) {
      const told = ftpError(error, `${what} on ${this.#host.name}`);
      // What was under way there is not known, and a second connection would only guess.
      if (told.problem.code === "connection-lost") this.#end(told.message);
      throw error instanceof DeployError || told.problem.code === "connection-lost" ? told : error;
    } finally {
      this.#give(client);
    }
  }

  close(): void {
    this.#end("it was closed");
  }

  #end(why: string): void {
    this.#lost ??= why;
    for (const client of this.#clients) client.close();
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #take(): Promise<Client> {
    for (;;) {
      if (this.#lost !== undefined)
        throw new DeployError(
          "connection-lost",
          `the connection to ${this.#host.name} is gone: ${this.#lost}`,
        );
      const rested = this.#resting.pop();
      if (rested !== undefined) {
        if (await this.#isThere(rested)) return rested.client;
        this.#clients.delete(rested.client);
      } else if (this.#clients.size + this.#opening < this.#most) {
        const opened = await this.#another();
        if (opened !== undefined) return opened;
      } else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async #isThere({ client, since }: Resting): Promise<boolean> {
    if (client.closed) return false;
    if (this.#now() - since < fresh) return true;
    try {
      await client.send("NOOP");
      return true;
    } catch {
      client.close();
      return false;
    }
  }

  /** What was there a moment ago, such as the job's step before this one, may still count where a server takes few. */
  async #begin(): Promise<Client> {
    for (const wait of pauses)
      try {
        return await this.#open();
      } catch (error) {
        const refused = (error as DeployError).problem?.code === "connections-refused";
        if (!refused || this.#clients.size > 0 || this.#lost !== undefined) throw error;
        await pause(wait);
      }
    return this.#open();
  }

  /** Undefined: the server takes no more than there are. */
  async #another(): Promise<Client | undefined> {
    this.#opening++;
    try {
      const client = await this.#begin();
      if (this.#lost === undefined) this.#clients.add(client);
      else client.close();
      return client.closed ? undefined : client;
    } catch (error) {
      const others = this.#clients.size + this.#opening - 1;
      // A server of implicit TLS says that it is full in the clear, which looks like any other mistake.
      if (others === 0 || (error as DeployError).problem?.code === "certificate-refused") throw error;
      this.#most = others;
      return undefined;
    } finally {
      this.#opening--;
      this.#waiting.shift()?.();
    }
  }

  #give(client: Client): void {
    if (client.closed) this.#clients.delete(client);
    else this.#resting.push({ client, since: this.#now() });
    this.#waiting.shift()?.();
  }
}
