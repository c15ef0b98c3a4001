import type { S3Options } from "../types.ts";
import { GivenUp, Refused, repeat } from "./attempts.ts";
import { Budget } from "./budget.ts";
import type { Client, KnownHashes } from "./client.ts";
import { type Asked, failureOf } from "./failure.ts";
import type { How } from "./how.ts";
import type { S3Tuning } from "./tuning.ts";

export { Refused };

export interface Request<A extends readonly string[] = readonly []> extends Asked {
  /** Bytes that are sent with it: they give it more time. */
  readonly bytes?: number;
  readonly signal?: AbortSignal | undefined;
  /** Fewer tries than usual. */
  readonly attempts?: number;
  /** S3's error codes that are answers: `send` resolves with them. */
  readonly accept?: A;
}

/** Slower than this is as good as stalled. */
const leastBytesPerSecond = 32 * 1024;

/** A bucket's connection: loads the SDK at the first request, repeats what may be repeated, and says what went wrong. */
export class S3Session {
  readonly options: S3Options;
  readonly tuning: S3Tuning;
  readonly memory: Budget;
  /** SHA-256 of bodies that are about to be sent. */
  readonly hashes: KnownHashes = new WeakMap();
  /** False once the server said that it has no conditional writes. */
  conditions = true;
  #client: Promise<Client> | undefined;
  #renewed = 0;
  #renewing: Promise<void> | undefined;

  constructor(options: S3Options, tuning: S3Tuning) {
    this.options = options;
    this.tuning = tuning;
    this.memory = new Budget(tuning.memory);
  }

  /** Throws a DeployError, or the signal's reason. */
  async send<T, A extends readonly string[] = readonly []>(
    request: Request<A>,
    run: (client: Client, how: How) => Promise<T>,
  ): Promise<A extends readonly [] ? T : T | Refused> {
    const { signal, attempts = this.tuning.attempts, accept = [] } = request;
    let renewed = this.#renewed;
    const tuning = { ...this.tuning, attempts };
    const renew = async () => {
      // Another request may have done so since this one was signed.
      if (renewed === this.#renewed) await this.#renew();
      renewed = this.#renewed;
    };
    try {
      const answer = await repeat({ tuning, signal, accept, renew }, async () => {
        const client = await this.client();
        renewed = this.#renewed;
        return run(client, this.#how(request));
      });
      return answer as A extends readonly [] ? T : T | Refused;
    } catch (error) {
      throw error instanceof GivenUp ? failureOf(error, request, this.options) : error;
    }
  }

  client(): Promise<Client> {
    // Late, with node's HTTP client: most runs ask no store.
    this.#client ??= import("./client.ts").then(({ openClient }) =>
      openClient(this.options, this.tuning, this.hashes),
    );
    return this.#client;
  }

  warn(text: string): void {
    this.options.onWarning?.(text);
  }

  close(): void {
    void this.#client?.then((client) => client.close());
    this.#client = undefined;
  }

  #how({ bytes = 0, signal }: Request<readonly string[]>): How {
    const requestTimeout = Math.ceil(2 * this.tuning.silence + (bytes / leastBytesPerSecond) * 1000);
    return { requestTimeout, ...(signal === undefined ? {} : { abortSignal: signal }) };
  }

  async #renew(): Promise<void> {
    this.#renewing ??= this.client()
      .then((client) => client.renew())
      .finally(() => {
        this.#renewed += 1;
        this.#renewing = undefined;
      });
    await this.#renewing;
  }
}
