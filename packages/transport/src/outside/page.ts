import type { SeenPage } from "@deploy/core";
import { patience } from "./address.ts";

/** Characters of a page that are looked at. */
const most = 200_000;

/** One GET as a visitor makes it; a redirect is an answer. Undefined: none came. */
export async function pageAt(url: string, path: string): Promise<SeenPage | undefined> {
  try {
    const signal = AbortSignal.timeout(patience);
    const response = await fetch(new URL(path, url), { redirect: "manual", signal });
    const text = (await response.text()).slice(0, most);
    return { status: response.status, headers: Object.fromEntries(response.headers), text };
  } catch {
    return undefined;
  }
}
