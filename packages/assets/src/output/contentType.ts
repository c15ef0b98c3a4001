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

/** Files below `.well-known/` whose names say nothing of what they are (iana.org/assignments/well-known-uris). */
const wellKnown: Readonly<Record<string, string>> = {
  "apple-app-site-association": "application/json",
  "host-meta": "application/xrd+xml",
  "matrix/client": "application/json",
  "matrix/server": "application/json",
  nodeinfo: "application/json",
  "oauth-authorization-server": "application/json",
  "oauth-protected-resource": "application/json",
  "openid-configuration": "application/json",
  "traffic-advice": "application/trafficadvice+json",
  webfinger: "application/jrd+json",
};

/** The `Content-Type` of a file; UTF-8 is said for text that is UTF-8, and never of JSON (RFC 8259). */
export function contentTypeOf(path: string, isUtf8 = true): string {
  const type = typeOf(path);
  return type.startsWith("text/") && isUtf8 ? `${type}; charset=utf-8` : type;
}

function typeOf(path: string): string {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  const known = [own, mimes].find((table) => Object.hasOwn(table, extension));
  const named = /^\.well-known\/(.*)$/.exec(path)?.[1];
  if (known === undefined && named !== undefined)
    return Object.hasOwn(wellKnown, named) ? (wellKnown[named] ?? "") : "text/plain";
  return known?.[extension] ?? "application/octet-stream";
}
