export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The URL of `to` as a file in `folder` writes it: `../img/a.png`. */
export function relativeUrl(folder: string, to: string): string {
  const here = folder === "" ? [] : folder.split("/");
  const there = to.split("/");
  let same = 0;
  while (same < here.length && same < there.length - 1 && here[same] === there[same]) same += 1;
  return [...here.slice(same).map(() => ".."), ...there.slice(same).map(encodeName)].join("/");
}

export function encodePath(path: string): string {
  return path.split("/").map(encodeName).join("/");
}

/** Of `A-Za-z0-9-_.~@%` only: needs no further escape in CSS, HTML, JSON or a script. */
export function encodeName(name: string): string {
  const encoded = encodeURIComponent(name).replaceAll("%40", "@");
  return encoded.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** By UTF-8 bytes, which is by code points: the same order on every machine and in every language. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
