import ssh2, {
  type AnyAuthMethod,
  type AuthHandlerMiddleware,
  type BaseAgent,
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from "ssh2";
import type { PrivateKey } from "../keys/privateKey.ts";

/** What may be offered to log in with. */
export interface Keys {
  readonly key?: PrivateKey;
  /** Path of an agent's socket. */
  readonly agent?: string;
  /** Of the agent's keys this one alone, in its wire form. */
  readonly agentKey?: Buffer;
}

/** What one log-in offers, in order, and what the server makes of it. */
export class Offer {
  /** What the server takes beside what was tried, as far as it said: `password`, `keyboard-interactive`. */
  left: readonly string[] | undefined;
  readonly #print: string | undefined;
  readonly #agent: WatchedAgent | undefined;
  readonly #methods: AnyAuthMethod[] = [];
  #partial = false;

  constructor(username: string, { key, agent, agentKey }: Keys) {
    this.#print = key?.print;
    if (key !== undefined) this.#methods.push({ type: "publickey", username, key: key.key });
    if (agent === undefined) return;
    this.#agent = new WatchedAgent(agent, agentKey);
    this.#methods.push({ type: "agent", username, agent: this.#agent });
  }

  /** For ssh2, which takes `false` for the end. */
  readonly next: AuthHandlerMiddleware = (left, partial, next) => {
    this.left = left ?? undefined;
    this.#partial ||= partial === true;
    next((this.#methods.shift() ?? false) as AnyAuthMethod);
  };

  /** A key was right, and the server wants something beside it. ssh2 does not say so of an agent's, which only signs for a key that is taken. */
  get taken(): boolean {
    return this.#partial || this.#agent?.signed === true;
  }

  /** `ssh-ed25519 SHA256:… and the 9 keys of the agent`. */
  get words(): string {
    const keys = this.#agent?.keys ?? 0;
    const agent = this.#agent && (keys < 2 ? "the key of the agent" : `the ${keys} keys of the agent`);
    return [this.#print, agent].filter((part) => part !== undefined).join(" and ");
  }
}

class WatchedAgent extends ssh2.BaseAgent {
  keys = 0;
  signed = false;
  readonly #inner: BaseAgent;
  readonly #only: Buffer | undefined;

  constructor(path: string, only: Buffer | undefined) {
    super();
    this.#inner = ssh2.createAgent(path);
    this.#only = only;
  }

  override getIdentities(callback: IdentityCallback): void {
    this.#inner.getIdentities((error, found = []) => {
      const only = this.#only;
      const keys = (found as ParsedKey[]).filter((key) => only?.equals(key.getPublicSSH()) ?? true);
      this.keys = keys.length;
      const lacks = only !== undefined && keys.length === 0;
      callback(
        error ?? (lacks ? new Error("it does not hold the key of the identity file") : undefined),
        keys,
      );
    });
  }

  /** ssh2 always gives options. */
  override sign(
    key: string | Buffer | ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    this.signed = true;
    this.#inner.sign(key, data, options as SigningRequestOptions, callback);
  }
}
