import type { ReachedHost, ReleaseFacts } from "../facts.ts";

/** The release a host serves; null where `current` is no link to one that exists. */
export function liveRelease(host: ReachedHost): string | null {
  return host.current.kind === "release" ? host.current.release : null;
}

export function releaseOn(host: ReachedHost, id: string): ReleaseFacts | undefined {
  return host.releases.find((release) => release.id === id);
}

/** True where the release is whole on this host: it may be live, or become so, without an upload. */
export function isComplete(host: ReachedHost, id: string): boolean {
  const state = releaseOn(host, id)?.state;
  return state === "ready" || state === "active" || state === "good";
}
