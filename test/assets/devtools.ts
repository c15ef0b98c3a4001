import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { pathOfPart } from "@deploy/testkit/servers";

type Fields = Readonly<Record<string, unknown>>;

/** A headless Chromium, spoken to as chromedevtools.github.io/devtools-protocol says. */
export interface DevTools {
  send(method: string, params?: Fields, session?: string): Promise<Fields>;
  /** All events from now on, of every session. */
  on(event: (method: string, params: Fields) => void): void;
  close(): Promise<void>;
}

interface Message extends Fields {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Fields;
  readonly result?: Fields;
  readonly error?: { readonly message: string };
}

/** Starts Chromium with a profile of its own; messages go over a pipe, so that no port is open. */
export function startChromium(): DevTools {
  const profile = mkdtempSync(join(tmpdir(), "chromium-"));
  const child = spawn(pathOfPart("chromium") ?? "chromium", flags(profile), {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: profile },
    detached: true,
  });
  const [input, output] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  const waiting = new Map<number, { done: (result: Fields) => void; fail: (error: Error) => void }>();
  const listeners: ((method: string, params: Fields) => void)[] = [];
  const ended = over(child);
  void ended.then(() => {
    for (const { fail } of waiting.values()) fail(new Error("Chromium ended"));
  });
  input.on("error", () => {});
  onMessage(output, ({ id, method, params, result, error }) => {
    if (method !== undefined) for (const listen of listeners) listen(method, params ?? {});
    const asked = waiting.get(id ?? 0);
    waiting.delete(id ?? 0);
    if (error === undefined) asked?.done(result ?? {});
    else asked?.fail(new Error(error.message));
  });
  let last = 0;
  return {
    send: (method, params = {}, sessionId) =>
      new Promise((done, fail) => {
        last += 1;
        waiting.set(last, { done, fail });
        input.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
      }),
    on: (listen) => void listeners.push(listen),
    close: async () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function flags(profile: string): readonly string[] {
  const quiet = [
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--no-first-run",
  ];
  return [
    ...["--headless", "--no-sandbox", "--remote-debugging-pipe", `--user-data-dir=${profile}`],
    ...["--disable-dev-shm-usage", "--window-size=800,600", ...quiet, "about:blank"],
  ];
}

function over(child: ChildProcess): Promise<void> {
  return new Promise((done) => child.once("error", () => done()).once("exit", () => done()));
}

/** Messages end with a NUL. */
function onMessage(output: Readable, take: (message: Message) => void): void {
  let text = "";
  output.setEncoding("utf8").on("data", (chunk: string) => {
    const [last = "", ...whole] = (text + chunk).split("\0").reverse();
    text = last;
    for (const message of whole.reverse()) take(JSON.parse(message) as Message);
  });
}
