import { DeployError } from "@deploy/core";

/** What S3 allows for a key, in bytes of UTF-8. */
const longest = 1024;

/**
 * The key as the server sees it: below the store's prefix. Throws `store-key` for a name that a file system, a browser or a terminal
 * would read in another way than S3 does.
 */
export function fullKey(prefix: string, key: string): string {
  const full = prefix === "" ? key : `${prefix}/${key}`;
  const why =
    refusal(key) ?? (Buffer.byteLength(full) > longest ? `longer than ${longest} bytes` : undefined);
  if (why === undefined) return full;
  throw new DeployError("store-key", `The object name ${JSON.stringify(key)} is ${why}`);
}

function refusal(key: string): string | undefined {
  if (key === "") return "empty";
  if (!key.isWellFormed()) return "not valid Unicode";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\0-\x1f\x7f]/.test(key)) return "not allowed: it has a control character";
  const segments = key.split("/");
  if (segments.includes("")) return "not allowed: it has an empty part between or beside `/`";
  if (segments.includes("..") || segments.includes(".")) return "not allowed: it has a `.` or `..` part";
  return undefined;
}

/** Order of the UTF-8 bytes, which is what S3 lists in; JavaScript's own order differs above U+FFFF. */
export function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
