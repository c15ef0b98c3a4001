import type { MinifierOptions } from "html-minifier-next";

export interface HtmlDriver {
  minify(html: string): Promise<string>;
}

/** White space shrinks to one blank and never to none, and quotes stay: a page must not look or mean otherwise. */
const options: MinifierOptions = {
  collapseWhitespace: true,
  conservativeCollapse: true,
  removeComments: true,
  collapseBooleanAttributes: true,
  keepClosingSlash: true,
  caseSensitive: true,
  // Server-side includes are comments with a meaning.
  ignoreCustomComments: [/^!/, /^\s*#/],
};

export async function startHtml(): Promise<HtmlDriver> {
  // The minifier asks for `entities` late; asked for here, it comes into the same file.
  const [{ minify }] = await Promise.all([import("html-minifier-next"), import("entities")]);
  return { minify: (html) => minify(html, options) };
}
