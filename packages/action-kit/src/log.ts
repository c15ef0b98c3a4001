import { randomUUID } from "node:crypto";
import { masksOf } from "./masks.ts";
import type { AnnotationPlace, Runner } from "./runner.ts";

/**
 * Everything an action prints. Text is data: it is written between `::stop-commands::` and its token, so that a host's
 * output can never command the runner; our own commands lift that first. Masks are such commands: in stopped text the
 * runner would print the secret instead of hiding it.
 */
export class Log {
  readonly #runner: Pick<Runner, "toolkit" | "write">;
  #token: string | undefined;
  #group = false;
  /** Clients at work that print commands of their own. */
  #lent = 0;

  constructor(runner: Pick<Runner, "toolkit" | "write">) {
    this.#runner = runner;
  }

  /** Lines of text from anywhere; a missing last newline is added. */
  text(text: string): void {
    if (text === "") return;
    this.#stop();
    const clean = sanitize(text);
    this.#runner.write(clean.endsWith("\n") ? clean : `${clean}\n`);
    if (this.#lent > 0) this.#resume();
  }

  /** Hides secrets from here on, in every usual form. */
  mask(secrets: readonly (string | undefined)[]): void {
    const { toolkit } = this.#runner;
    this.#command(() => {
      for (const secret of secrets) for (const text of masksOf(secret ?? "")) toolkit.setSecret(text);
    });
  }

  /** The runner obeys what `client` prints while it works; text of ours in between stays text. */
  async lend<T>(client: () => Promise<T>): Promise<T> {
    this.#resume();
    this.#lent += 1;
    try {
      return await client();
    } finally {
      this.#lent -= 1;
    }
  }

  /** Starts a group; the one before ends. */
  group(title: string): void {
    this.endGroup();
    this.#command(() => this.#runner.toolkit.startGroup(sanitize(title)));
    this.#group = true;
  }

  endGroup(): void {
    if (!this.#group) return;
    this.#command(() => this.#runner.toolkit.endGroup());
    this.#group = false;
  }

  error(message: string, place: AnnotationPlace): void {
    this.#command(() => this.#runner.toolkit.error(sanitize(message), place));
  }

  warning(message: string, place: AnnotationPlace = {}): void {
    this.#command(() => this.#runner.toolkit.warning(sanitize(message), place));
  }

  /** Lets the runner read commands again: whatever else prints after us may need them. */
  close(): void {
    this.endGroup();
    this.#resume();
  }

  #command(issue: () => void): void {
    this.#resume();
    issue();
  }

  #stop(): void {
    if (this.#token !== undefined) return;
    this.#token = randomUUID();
    this.#runner.write(`::stop-commands::${this.#token}\n`);
  }

  #resume(): void {
    if (this.#token === undefined) return;
    this.#runner.write(`::${this.#token}::\n`);
    this.#token = undefined;
  }
}

const esc = String.fromCharCode(27);
const colour = `${esc}\\[[0-9;]*m`;
const control = new RegExp(`${colour}|(?![\\t\\n])\\p{Cc}`, "gu");

/** Tabs, line ends and colours stay; other control characters would let a host rewrite what people see. */
function sanitize(text: string): string {
  const kept = (found: string) => (found.length > 1 ? found : "");
  return text.replaceAll(/\r\n?/g, "\n").replaceAll(control, kept);
}
