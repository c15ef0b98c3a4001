import type { ClientChannel } from "ssh2";
import type { NoChannel } from "./exec.ts";

/**
 * Channels that were opened before anybody needs them, each with a shell that waits for a command: of the three round trips that
 * a command costs (the channel, the shell, its input: OpenSSH takes none before) one is left, and no start. Where a server refuses
 * one, none is opened any more.
 */
export class Ahead {
  readonly #open: () => Promise<ClientChannel | NoChannel>;
  readonly #over = new WeakSet<ClientChannel>();
  #waiting: Promise<ClientChannel | NoChannel>[] = [];
  #ended: boolean;

  constructor(open: () => Promise<ClientChannel | NoChannel>, count: number) {
    this.#open = open;
    this.#ended = count === 0;
    for (let n = 0; n < count; n++) this.#add();
  }

  /** The one that was opened first, and another is opened. Without one, or where it has ended: none, nothing was run. */
  async take(): Promise<ClientChannel | NoChannel> {
    const first = this.#waiting.shift();
    if (first === undefined) return none;
    this.#add();
    const channel = await first;
    return "stderr" in channel && this.#over.has(channel) ? none : channel;
  }

  /** Lets go of all that wait. */
  end(): void {
    this.#ended = true;
    for (const opening of this.#waiting) void opening.then((one) => "stderr" in one && one.close());
    this.#waiting = [];
  }

  #add(): void {
    if (this.#ended) return;
    this.#waiting.push(this.#open().then((channel) => this.#watched(channel)));
  }

  #watched(channel: ClientChannel | NoChannel): ClientChannel | NoChannel {
    if (!("stderr" in channel)) {
      this.end();
      return channel;
    }
    for (const end of ["exit", "close"]) channel.once(end, () => this.#over.add(channel));
    return channel;
  }
}

const none: NoChannel = { refused: true, reason: "none was open" };
