import { text } from "../values/leaves.ts";
import { isName } from "../values/name.ts";

export const addressPhrase = "a host name or IP address (letters, digits, dots, hyphens)";
export const userPhrase = "a user name (a-z, 0-9, _ . -, at most 32, starting with a letter or _)";

/** A host name or IP address in the one form it is compared in, or undefined. IPv6 comes without brackets. */
export function readAddress(text: string): string | undefined {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : undefined;
  if (bare !== undefined) return readIpv6(bare);
  return text.includes(":") ? readIpv6(text) : readHostName(text);
}

/** A login name, or undefined. */
export function readUser(text: string): string | undefined {
  return text.length <= 32 && /^[a-z_][a-z0-9_.-]*\$?$/.test(text) ? text : undefined;
}

export const user = () => text(userPhrase, readUser);

/** A TCP port written in digits, or undefined. */
export function readPort(text: string): number | undefined {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

export const calledPhrase =
  "a name for people of letters, digits and . _ - (at most 64), which is no address";

/** What people call a host, in the one form in which it is compared, or undefined. */
export function readCalled(text: string): string | undefined {
  return isName(text) && !/^[0-9.]+$/.test(text) ? text.toLowerCase() : undefined;
}

/** The unique name of a host that has no other: its address, with the port where that is not 22. */
export function nameHost(address: string, port: number): string {
  if (port === 22) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function readHostName(text: string): string | undefined {
  const name = text.toLowerCase();
  if (name.length > 253) return undefined;
  if (/^[0-9.]+$/.test(name)) return isIpv4(name) ? name : undefined;
  const labels = name.split(".");
  return labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)) ? name : undefined;
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return (
    parts.length === 4 && parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255)
  );
}

/** Lower case and compressed, as OpenSSH looks it up in known_hosts; a zone (`%eth0`) is kept. */
function readIpv6(text: string): string | undefined {
  const [, address, zone = ""] = /^([0-9A-Fa-f:.]{2,45})(%[A-Za-z0-9._-]{1,32})?$/.exec(text) ?? [];
  if (address === undefined || !address.includes(":")) return undefined;
  const url = `http://[${address}]/`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) + zone : undefined;
}
