import { mimes } from "mrmime";

/** mrmime's table has none of these, or says it in an older way. */
const own: Readonly<Record<string, string>> = {
  cjs: "text/javascript",
  cur: "image/x-icon",
  eot: "application/vnd.ms-fontobject",
  ico: "image/x-icon",
  js: "text/javascript",
  map: "application/json",
  mjs: "text/javascript",
  otf: "font/otf",
  svgz: "image/svg+xml",
  ttf: "font/ttf",
  webmanifest: "application/manifest+json",
  woff: "font/woff",
  woff2: "font/woff2",
};

/** The `Content-Type` of a file, UTF-8 said for text; JSON has no charset (RFC 8259). */
export function contentTypeOf(path: string): string {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  const known = [own, mimes].find((table) => Object.hasOwn(table, extension));
  const type = known?.[extension] ?? "application/octet-stream";
  return type.startsWith("text/") ? `${type}; charset=utf-8` : type;
}
