import { DeployError } from "@deploy/core";
import type { Source } from "./drivers.ts";

/**
 * What every command of a source begins its payload with: the password in hex and a newline, for a source without one
 * just the newline. It is a secret. Throws `argument-refused` for a NUL, which no server takes.
 */
export function secretLine(source: Source): Uint8Array {
  const password = passwordOf(source);
  if (password.includes("\0")) throw new DeployError("argument-refused", "the password contains a NUL byte");
  return new TextEncoder().encode(`${Buffer.from(password).toString("hex")}\n`);
}

/** Empty for a source without one. */
export function passwordOf(source: Source): string {
  return "server" in source ? source.server.password.reveal() : "";
}
