/** A tar of short names, read independently of the writer. `data` is a link's target where it is one. */
export function readTar(tar: Buffer): readonly { type: string; name: string; data: string }[] {
  const entries = [];
  for (let at = 0; tar[at] !== 0; ) {
    const text = (from: number, length: number) =>
      tar.toString("utf8", at + from, at + from + length).replace(/\0.*$/s, "");
    const size = Number.parseInt(text(124, 12), 8);
    const type = text(156, 1);
    const data = type === "2" ? text(157, 100) : tar.toString("utf8", at + 512, at + 512 + size);
    entries.push({ type, name: text(0, 100), data });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return entries;
}
