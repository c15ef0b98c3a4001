/** ASCII armour (RFC 9580, 6.2); `kind`: `PUBLIC KEY BLOCK`, `SIGNATURE`. */
export function armor(kind: string, bytes: Uint8Array): string {
  const lines = Buffer.from(bytes)
    .toString("base64")
    .replace(/(.{64})(?!$)/g, "$1\n");
  const sum = Buffer.from([0, 0, 0]);
  sum.writeUIntBE(crc24(bytes), 0, 3);
  const begin = `-----BEGIN PGP ${kind}-----`;
  return `${begin}\n\n${lines}\n=${sum.toString("base64")}\n-----END PGP ${kind}-----\n`;
}

/** The bytes in it; undefined where it is not to the byte what `armor` makes of them. */
export function dearmor(kind: string, text: string): Buffer | undefined {
  const body = text.slice(text.indexOf("\n\n") + 2, text.lastIndexOf("\n="));
  const bytes = Buffer.from(body, "base64");
  return armor(kind, bytes) === text ? bytes : undefined;
}

/** RFC 9580, 6.1. */
function crc24(bytes: Uint8Array): number {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) {
      crc <<= 1;
      if (crc & 0x1000000) crc ^= 0x1864cfb;
    }
  }
  return crc & 0xffffff;
}
