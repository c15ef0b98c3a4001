import { posix } from "node:path";

/** One reference in a published file: as written, and the path it leads to. */
export interface Reference {
  readonly from: string;
  readonly written: string;
  readonly to: string;
}

/**
 * All references of a published text, found by plain patterns and not by the parsers under test. Addresses that
 * leave the site (`data:`, another host, `#part`) are none.
 */
export function listReferences(path: string, text: string): readonly Reference[] {
  const patterns = patternsFor(path);
  const written = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, found = ""]) => found));
  const list = written.flatMap((one) => (one.includes(" 1x") ? splitSrcset(one) : [one.trim()]));
  return list
    .filter((one) => one !== "" && !/^(?:data:|https?:|\/\/|#|about:)/.test(one))
    .map((one) => ({ from: path, written: one, to: resolve(path, one) }));
}

const map = /[/#@*]# sourceMappingURL=(\S+?)(?:\s*\*\/)?\s*$/gm;

function patternsFor(path: string): readonly RegExp[] {
  if (path.endsWith(".css")) return [/url\(\s*["']?([^"')]+)["']?\s*\)/g, /@import\s*["']([^"']+)["']/g, map];
  if (path.endsWith(".html")) return [/(?:href|src|srcset)=["']?([^"'>]+)["']?/g];
  if (/\.m?js$/.test(path)) return [/(?:from|import)\s*\(?["'](\.[^"']+)["']/g, map];
  return [];
}

function splitSrcset(text: string): readonly string[] {
  return text.split(",").map((one) => one.trim().split(" ")[0] ?? "");
}

function resolve(from: string, written: string): string {
  const path = decodeURIComponent(written.replace(/[?#].*$/s, ""));
  return posix.normalize(posix.join(posix.dirname(from), path));
}
