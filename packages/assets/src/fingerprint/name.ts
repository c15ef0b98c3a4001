import { folderOf, nameOf } from "./paths.ts";

const digits = 12;

/** `css/app.min.css` and a hex digest: `css/app.min-3f9c2b1a7d20.css`. */
export function fingerprinted(path: string, digest: string): string {
  const name = nameOf(path);
  const dot = name.lastIndexOf(".");
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  return `${path.slice(0, path.length - name.length)}${stem}-${digest.slice(0, digits)}${extension}`;
}

const readByName =
  /^(?:_headers|_redirects|CNAME|favicon\.ico|apple-touch-icon[\w-]*\.png|(?:service-?worker|sw)\.m?js)$/i;
const readByNameAtRoot = /\.(?:txt|xml)$/i;
const manifests = /^(?:manifest|asset-manifest|mix-manifest|entrypoints|staticfiles)\.json$/i;

/**
 * Files whose name is an address that people, crawlers, browsers or servers know: they keep it, and are asked for
 * anew each time. Documents and web app manifests anywhere; at the root of the tree `favicon.ico`, Apple's icons,
 * `*.txt`, `*.xml`, service workers and bundlers' manifests; whatever is named `.x` or lies in a folder named so.
 */
export function isEntry(path: string): boolean {
  if (/\.(?:x?html?|webmanifest)$/i.test(path) || /(?:^|\/)\./.test(path)) return true;
  if (folderOf(path) !== "") return false;
  return readByName.test(path) || readByNameAtRoot.test(path) || manifests.test(path);
}
