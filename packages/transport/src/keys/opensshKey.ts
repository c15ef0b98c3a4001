/** The OpenSSH private key file of an Ed25519 key (RFC 8032 seed and public half, 32 bytes each). */
export function opensshEd25519(seed: Uint8Array, publicHalf: Uint8Array): string {
  const type = text("ssh-ed25519");
  const half = text(publicHalf);
  const check = Buffer.alloc(8);
  const secret = Buffer.concat([check, type, half, text(Buffer.concat([seed, publicHalf])), text("")]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1));
  const file = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    text("none"),
    text("none"),
    text(""),
    Buffer.from([0, 0, 0, 1]),
    text(Buffer.concat([type, half])),
    text(Buffer.concat([secret, padding])),
  ]);
  const lines = file.toString("base64").match(/.{1,70}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join(
    "\n",
  );
}

/** An SSH string: four bytes of length, then the bytes. */
function text(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
