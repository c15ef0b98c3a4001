import { createHmac } from "node:crypto";

/** The name known_hosts knows a server by: the address, or `[address]:port` where the port is not 22. */
export function hostName(address: string, port: number): string {
  const name = address.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** True where the first field of a known_hosts line (hashed, or patterns with `?`, `*`, `!`) names the host. */
export function isNamed(field: string, name: string): boolean {
  return field.startsWith("|") ? isHashed(field, name) : isListed(field.toLowerCase(), name);
}

function isHashed(field: string, name: string): boolean {
  const [, version, salt, hash] = field.split("|");
  if (version !== "1" || salt === undefined || hash === undefined) return false;
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
}

function isListed(field: string, name: string): boolean {
  const patterns = field.split(",");
  if (patterns.some((pattern) => pattern.startsWith("!") && matches(pattern.slice(1), name))) return false;
  return patterns.some((pattern) => !pattern.startsWith("!") && matches(pattern, name));
}

/** Glob without backtracking blow-up: one remembered star is enough. */
function matches(pattern: string, name: string): boolean {
  let [at, i, star, mark] = [0, 0, -1, 0];
  while (i < name.length) {
    if (pattern[at] === "*") {
      star = at++;
      mark = i;
    } else if (pattern[at] === "?" || (at < pattern.length && pattern[at] === name[i])) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++mark;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
