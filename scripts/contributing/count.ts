import type { Extension } from "./extension.ts";

/** Path in the repository -> text. */
export type Tree = ReadonlyMap<string, string>;

/**
 * What is untrue about the places of an extension, a line each: one that is not there, a file that speaks of those there are
 * and is no place, a reason for a file that does not, and more places than there may be.
 */
export function untruths(extension: Extension, tree: Tree): readonly string[] {
  const { mark, others } = extension;
  const expected = pathsOf(extension);
  const naming = new Map([...tree].map(([path, text]) => [path, namedIn(extension, path, text)] as const));
  const absent = expected.filter((path) => !tree.has(path)).map((path) => `${path} is not there`);
  const stray = [...naming]
    .filter(([path, named]) => named.length > 0 && !expected.includes(path) && !Object.hasOwn(others, path))
    .map(([path, named]) => `${path} names ${named.join(", ")}, and is none of its places`);
  const idle = Object.keys(others)
    .filter((path) => (naming.get(path) ?? []).length === 0)
    .map((path) => `${path} names none of them, and needs no reason`);
  return [...absent, ...stray, ...idle, ...tooMany(extension)].map((line) => `${mark}: ${line}`);
}

function pathsOf({ names, places, files = {} }: Extension): readonly string[] {
  const paths = places.map(({ path }) => path).filter((path) => !path.includes(" "));
  const all = names.flatMap((name) => files[name] ?? [name]);
  return [...new Set(paths.flatMap((path) => all.map((name) => path.replaceAll(/<\w+>/g, name))))];
}

function tooMany({ places, limit, excess = 0 }: Extension): readonly string[] {
  const right = excess === 0 ? places.length <= limit : places.length === limit + excess;
  return right ? [] : [`${places.length} places, where ${limit + excess} were counted before`];
}

function namedIn({ names, plain, speaks }: Extension, path: string, text: string): readonly string[] {
  const code = path.endsWith(".md") ? text : withoutComments(text);
  return names.filter((name) => {
    const word = plain.includes(name) ? [new RegExp(`(?<![\\w#.-])${name}(?![\\w-])`)] : [];
    return [...word, ...speaks(name)].some((pattern) => pattern.test(code));
  });
}

/** Comments stand on lines of their own. */
function withoutComments(text: string): string {
  return text.replaceAll(/^\s*(\/\/|\/?\*|#).*$/gm, "");
}
