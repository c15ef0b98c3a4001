/** Our own names among an object's metadata; they never show in `ObjectDetails.metadata`. */
export const sha256Name = "sha256";
/** A random word per put, by which a put whose answer was lost knows its own object again. */
export const putName = "put-id";

/** HTTP headers carry printable ASCII; anything else goes as an encoded word of RFC 2047, which is what S3 itself answers with. */
export function encodeMetadata(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, encode(value)]));
}

export function decodeMetadata(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), decode(value)]),
  );
}

function encode(value: string): string {
  if (/^(?!=\?)[!-~]+( [!-~]+)*$/.test(value)) return value;
  return `=?UTF-8?B?${Buffer.from(value).toString("base64")}?=`;
}

function decode(value: string): string {
  const word = /^=\?utf-8\?b\?([A-Za-z0-9+/=]*)\?=$/i.exec(value)?.[1];
  return word === undefined ? value : Buffer.from(word, "base64").toString("utf8");
}
