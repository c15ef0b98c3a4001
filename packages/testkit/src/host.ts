import type { Host } from "@deploy/core";

/** A test server as the deploy knows it. */
export function hostAt(address: string, port: number, username: string): Host {
  const bare = address.includes(":") ? `[${address}]` : address;
  return { name: port === 22 ? address : `${bare}:${port}`, address, port, username, roles: [] };
}
