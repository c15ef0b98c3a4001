import type { Facts } from "../facts.ts";

/**
 * When every file of a release says that it was changed, in seconds since 1970: what hosts that hold the release say, else
 * a second after all that any host can have written, in an earlier release or outside of it, before it was read. So new
 * content never comes with an old time, however old its commit is: caches, `cp -u`, rsync and make see that it is new.
 */
export function fileTime(facts: readonly Facts[], release: string): number {
  const reached = facts.filter((host) => host.reached);
  const releases = reached.flatMap((host) => host.releases);
  const known = releases.flatMap(({ id, time }) => (id === release && time !== undefined ? [time] : []));
  if (known.length > 0) return Math.max(...known);
  return Math.max(0, ...reached.map(({ clock }) => clock), ...releases.map(({ time = 0 }) => time)) + 1;
}
