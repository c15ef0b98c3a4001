/** All 256 values, in hex, and those around which tools stumble at an end. */
export function everyByte(): string {
  const all = Uint8Array.from({ length: 256 }, (_, value) => value);
  return Buffer.concat([all, Buffer.from("\\0\\\\'\n\0", "latin1")]).toString("hex");
}
