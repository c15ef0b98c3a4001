import { cleanLine, DeployError, type Secret } from "@deploy/core";
import type { Cdn } from "@deploy/store";
import { isObject } from "./documents.ts";
import { pooled } from "./pool.ts";

export interface PurgeHookOptions {
  /** POST: what is told; PURGE: where the paths begin, e.g. `https://cdn.example.com`. */
  readonly url: string;
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: Secret;
  /** One POST with `{"paths": […]}`, or one PURGE per path as Varnish and nginx know it. POST unless told. */
  readonly method?: "POST" | "PURGE";
  /** Milliseconds for one request; 30 s unless told. */
  readonly timeout?: number;
  /** Milliseconds before the second of three tries, twice that before the third; 1 s unless told. */
  readonly pause?: number;
}

interface Call {
  readonly url: string;
  readonly method: "POST" | "PURGE";
  readonly body?: string;
}

const tries = 3;

/** A cache that is told by HTTP which paths to forget. */
export function purgeHook(options: PurgeHookOptions): Cdn {
  // The path and the query of a hook may be its password: only the host is shown.
  const name = `purge hook at ${URL.parse(options.url)?.host ?? "no URL"}`;
  return {
    name,
    purge: (paths, signal) =>
      pooled(
        callsFor(options, paths),
        { tasks: 8, ...(signal === undefined ? {} : { signal }) },
        (call, stop) => tell(name, options, call, stop),
      ),
  };
}

function callsFor({ url, method = "POST" }: PurgeHookOptions, paths: readonly string[]): readonly Call[] {
  if (method === "POST") return [{ url, method, body: JSON.stringify({ paths }) }];
  const base = URL.parse(url)?.origin ?? url;
  return paths.map((path) => ({
    method,
    url: base + path.split("/").map(encodeURIComponent).join("/"),
  }));
}

async function tell(name: string, options: PurgeHookOptions, call: Call, signal: AbortSignal): Promise<void> {
  let answer = "";
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    if (attempt > 1) await sleep((options.pause ?? 1000) * (attempt - 1), signal);
    const { done, again, said } = await ask(options, call, signal);
    if (done) return;
    answer = said;
    if (!again) break;
  }
  throw new DeployError("purge-failed", `The ${name} ${answer}`);
}

interface Answer {
  readonly done: boolean;
  readonly again: boolean;
  readonly said: string;
}

async function ask(options: PurgeHookOptions, call: Call, signal: AbortSignal): Promise<Answer> {
  const { token, timeout = 30_000 } = options;
  try {
    const response = await fetch(call.url, {
      method: call.method,
      // A redirected POST becomes a GET that answers 200 and purges nothing.
      redirect: "manual",
      headers: {
        ...(call.body === undefined ? {} : { "content-type": "application/json" }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` }),
      },
      ...(call.body === undefined ? {} : { body: call.body }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
    });
    return await judge(response, call, token);
  } catch (error) {
    signal.throwIfAborted();
    return { done: false, again: true, said: `did not answer: ${reason(error)}` };
  }
}

async function judge(response: Response, { method }: Call, token: Secret | undefined): Promise<Answer> {
  const { status } = response;
  // 404 to a PURGE: Varnish and nginx say so of what they do not have.
  const done = response.ok || (method === "PURGE" && status === 404);
  const text = await excerpt(response);
  const safe = token === undefined ? text : text.replaceAll(token.reveal(), "[secret]");
  const said = `answered ${status}${safe === "" ? "" : `: ${cleanLine(safe).slice(0, 200)}`}`;
  return { done, again: status >= 500 || status === 429, said };
}

/** The beginning of a body; the rest, which may never end, is not read. */
async function excerpt(response: Response): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > 2000) break;
  }
  return text.trim();
}

/** What fetch throws says little itself; its cause says what happened. */
function reason(error: unknown): string {
  const { message, cause } = isObject(error) ? error : {};
  if (isObject(cause) && typeof cause.message === "string") return cause.message;
  return typeof message === "string" ? message : String(error);
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const stop = () => {
      clearTimeout(timer);
      fail(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      done();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}
