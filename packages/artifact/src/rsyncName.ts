/**
 * A name as rsync prints it: bytes that do not print are `\#ooo`, and a backslash that only looks like that begins with
 * `\#134`. A folder's last slash is left out; bytes that are not UTF-8 become U+FFFD, as in `walk`.
 */
export function decodeName(printed: string): string {
  const bytes = printed
    .replace(/\/$/, "")
    .replace(/\\#([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
