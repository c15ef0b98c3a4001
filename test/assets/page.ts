import { type DevTools, startChromium } from "./devtools.ts";

/** A page, loaded and at rest. */
export interface Page {
  /** What went wrong, as the console and the network panel would show it. */
  readonly troubles: readonly string[];
  /** Paths that were asked for, frames' too. */
  readonly requested: readonly string[];
  /** The value of an expression in the page. */
  evaluate(expression: string): Promise<unknown>;
  /** Another page in its place, as `openPage` waits for one. */
  open(url: string, ready?: string): Promise<void>;
  /** Makes the window so wide, and as high as the page is then. */
  fit(width: number): Promise<void>;
  /** What the reader prefers. */
  scheme(colours: "light" | "dark"): Promise<void>;
  /** PNG. */
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
}

/** Loads a page in a Chromium of its own and waits until `ready`, an expression in it, is true. Throws after two minutes. */
export async function openPage(url: string, ready: string): Promise<Page> {
  const chromium = startChromium();
  try {
    const { targetId } = await chromium.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await chromium.send("Target.attachToTarget", { targetId, flatten: true });
    const session = sessionId as string;
    const [troubles, requested] = watch(chromium);
    for (const domain of ["Page", "Runtime", "Log", "Network"]) {
      await chromium.send(`${domain}.enable`, {}, session);
    }
    const evaluate = async (expression: string) => {
      const asked = { expression, returnByValue: true, awaitPromise: true };
      const { result, exceptionDetails } = await chromium.send("Runtime.evaluate", asked, session);
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
      return (result as { value?: unknown }).value;
    };
    const open = async (address: string, when = "true") => {
      await chromium.send("Page.navigate", { url: address }, session);
      for (let left = 60; (await evaluate(untilTrue(when))) !== true || isCut(troubles); left -= 1) {
        if (left === 0) throw new Error(`not ready: ${when}; ${troubles.join("; ")}`);
        if (!isCut(troubles)) continue;
        [troubles.length, requested.length] = [0, 0];
        await chromium.send("Page.navigate", { url: address }, session);
      }
    };
    await open(url, ready);
    return {
      ...{ troubles, requested, evaluate, open, close: chromium.close },
      fit: async (width) => {
        for (const height of [600, "document.documentElement.scrollHeight"]) {
          const size = { width, height: typeof height === "number" ? height : await evaluate(height) };
          const screen = { ...size, deviceScaleFactor: 1, mobile: false };
          await chromium.send("Emulation.setDeviceMetricsOverride", screen, session);
        }
      },
      scheme: async (value) => {
        const features = [{ name: "prefers-color-scheme", value }];
        await chromium.send("Emulation.setEmulatedMedia", { features }, session);
      },
      screenshot: async () => {
        const { data } = await chromium.send("Page.captureScreenshot", {}, session);
        return Buffer.from(data as string, "base64");
      },
    };
  } catch (error) {
    await chromium.close();
    throw error;
  }
}

/** Hosts of other tests are networks that come and go, at which Chromium gives up what it loads. */
function isCut(troubles: readonly string[]): boolean {
  return troubles.some((trouble) => trouble.includes("ERR_NETWORK_CHANGED"));
}

/** Asked again while the page loads; given up after two seconds with `false`. */
function untilTrue(ready: string): string {
  return `new Promise((done) => {
    const until = Date.now() + 2000;
    const look = () => {
      let is = false;
      try { is = document.readyState === "complete" && (${ready}); } catch {}
      if (is || Date.now() > until) done(is); else setTimeout(look, 20);
    };
    look();
  })`;
}

interface Seen {
  readonly response?: { readonly status: number; readonly url: string };
  readonly request?: { readonly url: string };
  readonly errorText?: string;
  readonly entry?: { readonly level: string; readonly text: string; readonly url?: string };
  readonly type?: string;
  readonly args?: readonly { readonly value?: unknown }[];
  readonly exceptionDetails?: {
    readonly text: string;
    readonly exception?: { readonly description?: string };
  };
}

function watch(chromium: DevTools): [string[], string[]] {
  const [troubles, requested]: [string[], string[]] = [[], []];
  chromium.on((method, params) => {
    const seen = params as Seen;
    const { response, entry, exceptionDetails: thrown } = seen;
    if (method === "Network.requestWillBeSent") requested.push(pathOf(seen.request?.url ?? ""));
    if (method === "Network.loadingFailed") troubles.push(`failed: ${seen.errorText}`);
    if (method === "Log.entryAdded") troubles.push(`${entry?.level}: ${entry?.text} ${entry?.url ?? ""}`);
    if (method === "Runtime.consoleAPICalled") {
      troubles.push(`console.${seen.type}: ${seen.args?.map(({ value }) => value).join(" ")}`);
    }
    if (thrown !== undefined) troubles.push(`thrown: ${thrown.exception?.description ?? thrown.text}`);
    if (method === "Network.responseReceived" && (response?.status ?? 0) >= 400) {
      troubles.push(`${response?.status} ${pathOf(response?.url ?? "")}`);
    }
  });
  return [troubles, requested];
}

function pathOf(url: string): string {
  return url.startsWith("data:") ? "data:" : new URL(url).pathname;
}
