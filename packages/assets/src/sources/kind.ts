import type { AssetKind } from "../types.ts";

/** What makes a file: a compiler, a minifier, or a plain copy. */
export type Language = "scss" | "sass" | "less" | "css" | "js" | "svg" | "html" | "copy";

const kinds: Readonly<Record<string, AssetKind>> = {
  ...of("css", "css scss sass less"),
  ...of("js", "js mjs cjs"),
  ...of("html", "html htm"),
  ...of("svg", "svg"),
  ...of("image", "png jpg jpeg gif webp avif ico bmp apng cur"),
  ...of("font", "woff woff2 ttf otf eot"),
  ...of("map", "map"),
};
const languages: Readonly<Record<string, Language>> = {
  scss: "scss",
  sass: "sass",
  less: "less",
  css: "css",
  js: "js",
  mjs: "js",
  cjs: "js",
  svg: "svg",
  html: "html",
  htm: "html",
};
const compiled: readonly Language[] = ["scss", "sass", "less"];

/** By the extension, whatever its case. */
export function kindOf(path: string): AssetKind {
  return kinds[extension(path)] ?? "other";
}

export function languageOf(path: string): Language {
  return languages[extension(path)] ?? "copy";
}

/** Sass and Less, by the convention of Sass: a leading `_` of the file or of a folder above it makes it a part of others. */
export function isPartial(path: string): boolean {
  return isCompiled(languageOf(path)) && path.split("/").some((name) => name.startsWith("_"));
}

export function isCompiled(language: Language): boolean {
  return compiled.includes(language);
}

/** Somebody minified it already: `jquery.min.js`. */
export function isMinified(path: string): boolean {
  return /\.min\.(?:css|[mc]?js)$/i.test(path);
}

function extension(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot + 1).toLowerCase();
}

function of(kind: AssetKind, extensions: string): Record<string, AssetKind> {
  return Object.fromEntries(extensions.split(" ").map((name) => [name, kind]));
}
