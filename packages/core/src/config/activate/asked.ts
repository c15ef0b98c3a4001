import type { Finding } from "../file/finding.ts";
import type { Host } from "../hosts/fleet.ts";
import { hasRole } from "../hosts/roles.ts";
import { show } from "../values/text.ts";

/** What a health check says of where it asks. */
interface Asked {
  readonly url: string;
  readonly address?: string | undefined;
  readonly roles: readonly string[];
}

export const isLiteral = (host: string): boolean => host.includes(":") || /^[0-9.]+$/.test(host);
export const isOwn = (host: string): boolean => /^(localhost|127\..*|::1|0\.0\.0\.0|::)$/.test(host);

/** Where a host is asked: an address, or `localhost`. A name is never looked up, since it may lead to another server. */
export function askedAt({ url, address }: Pick<Asked, "url" | "address">): string {
  const named = hostOf(url);
  return address ?? (isLiteral(named) || isOwn(named) ? named : "127.0.0.1");
}

/** What an URL names: a host name, or an IP address without brackets; "" where it is none. */
export const hostOf = (url: string): string =>
  URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, "") : "";

/** A proof that takes longer than there is time for it. */
export function checkQuiet(
  health: { readonly quiet?: number; readonly within: number } | undefined,
): readonly Finding[] {
  if (health?.quiet === undefined || health.quiet < health.within) return [];
  const message = "expected less than `health.within`, which is all the time there is for the proof";
  return [{ path: ["activate", "health", "quiet"], at: "value", code: "config-conflict", message }];
}

/** One server's address would be asked for all of them. */
export function checkAsked(
  health: Partial<Asked> | undefined,
  hosts: readonly Host[] = [],
): readonly Finding[] {
  const { url, address, roles = [] } = health ?? {};
  const asked = hosts.filter((host) => hasRole(host, roles));
  if (url === undefined || address !== undefined || asked.length < 2) return [];
  const named = hostOf(url);
  if (!isLiteral(named) || isOwn(named)) return [];
  return [
    {
      path: ["activate", "health", "url"],
      at: "value",
      code: "config-invalid",
      message: `expected an address that each of ${asked.length} hosts has itself, got ${show(named)}`,
      hint: "Write 127.0.0.1; where each host has this one (on its loopback, say), say so with `activate.health.address`.",
    },
  ];
}
