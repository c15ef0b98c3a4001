/** How an ar archive begins (deb(5)). */
export const arMagic: Buffer = Buffer.from("!<arch>\n");

/** Largest member: ten decimal digits. */
export const largestMember = 9_999_999_999;

/** The header of a member; `size` in bytes, `mtime` in seconds since 1970. */
export function arHeader(name: string, size: number, mtime: number): Buffer {
  const fields = [
    name.padEnd(16),
    String(mtime).padEnd(12),
    "0".padEnd(6),
    "0".padEnd(6),
    "100644".padEnd(8),
    String(size).padEnd(10),
  ];
  return Buffer.from(`${fields.join("")}\`\n`, "latin1");
}

/** Fills a member of odd size. */
export function arPadding(size: number): Buffer {
  return Buffer.from(size % 2 === 1 ? "\n" : "");
}
