import type { RenderOptions } from "./options.ts";

/** A page's text, which names `org/deploy` and `v1`, as it is read under the repository and version that publish it. Pure. */
export function renderPage(
  text: string,
  { repository, ref }: Pick<RenderOptions, "repository" | "ref">,
): string {
  const major = ref.match(/^v\d+(?=\.|$)/)?.[0] ?? ref;
  return text
    .replace(/(?<![\w/-])org\/deploy(?![\w-])(\/[\w./-]+)?(@v1\b)?/g, (_, path = "", version) =>
      [repository, path, version && `@${major}`].filter(Boolean).join(""),
    )
    .replace(addressed, (_, before, version) => `${before}${repository}${version ? `/${major}` : ""}`);
}

/** `https://raw.githubusercontent.com/org/deploy/v1/deploy.schema.json`, and pages of GitHub. */
const addressed = /(https:\/\/(?:raw\.githubusercontent|github)\.com\/)org\/deploy(?![\w-])(\/v1(?=\/))?/g;

/** `uses: $/activate`, alone on its line as our formatter leaves it. */
const selfReference = /^(\s*(?:- )?uses:\s+)\$\/(\S+)([ \t]*(?:#.*)?)$/gm;

/** Keys that GitHub knows and act, actionlint or older GitHub servers do not; each alone on its line. */
const youngKeys = [/^ +queue: max(?: +#.*)?\n/gm];

/** A workflow's text with its references to this project in the asked form. Pure. */
export function renderSelf(
  text: string,
  options: Pick<RenderOptions, "repository" | "ref" | "self">,
): string {
  if (options.self === "dollar") return text;
  const named = text.replace(selfReference, `$1${options.repository}/$2@${options.ref}$3`);
  const rendered = youngKeys.reduce((all, key) => all.replace(key, ""), named);
  const left = rendered.split("\n").find((line) => /^[^#]*\$\//.test(line));
  if (left !== undefined) throw new Error(`this self reference could not be rendered: ${left.trim()}`);
  return rendered;
}
