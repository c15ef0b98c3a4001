import type { Element } from "./markup.ts";

/** How an attribute names files. `page`: a link to follow, not a part of the page. */
export type Role = "file" | "page" | "set" | "style" | "use" | "lazy" | "lazy-set";

const files: Readonly<Record<string, readonly string[]>> = {
  src: ["img", "script", "source", "video", "audio", "track", "embed", "input", "image"],
  poster: ["video"],
  data: ["object"],
  background: ["body"],
  href: ["image", "feImage", "feimage", "script"],
  "xlink:href": ["image", "feImage", "feimage", "script"],
};
/** Lazy-loading scripts' own (lazysizes and its kin). */
const lazy: Readonly<Record<string, Role>> = {
  "data-src": "lazy",
  "data-srcset": "lazy-set",
  "data-poster": "lazy",
  "data-bg": "lazy",
};
/** SVG presentation attributes that take a `url()`. */
const painted = /^(?:style|fill|stroke|filter|mask|clip-path|cursor|marker(?:-start|-mid|-end)?)$/;
/** Links that load something with the page. */
const loading =
  /(?:^|\s)(?:stylesheet|icon|mask-icon|apple-touch-icon(?:-precomposed)?|preload|prefetch|modulepreload|manifest)(?:\s|$)/i;
const pictured =
  /^(?:og:(?:image|video|audio)(?::url|:secure_url)?|twitter:image(?::src)?|msapplication-\w+)$/i;

/** What the attribute `name` of `element` is, as https://html.spec.whatwg.org and SVG 2 have it; undefined: no address. */
export function roleOf(element: Element, name: string): Role | undefined {
  const tag = element.name;
  if (painted.test(name)) return "style";
  if (name === "srcset" || name === "imagesrcset") return "set";
  if (name === "href" || name === "xlink:href") {
    if (tag === "use") return "use";
    if (tag === "link") return loading.test(valueIn(element, "rel")) ? "file" : "page";
    if (tag === "a" || tag === "area") return "page";
  }
  if (tag === "iframe" && name === "src") return "page";
  if (tag === "meta" && name === "content") return isPicture(element) ? "page" : undefined;
  if (Object.hasOwn(files, name)) return files[name]?.includes(tag) ? "file" : undefined;
  return Object.hasOwn(lazy, name) ? lazy[name] : undefined;
}

export function valueIn(element: Element, name: string): string {
  return element.attributes.get(name)?.text ?? "";
}

function isPicture(element: Element): boolean {
  return pictured.test(valueIn(element, "property")) || pictured.test(valueIn(element, "name"));
}
