import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listFiles } from "../../scripts/lib/files.ts";
import { root } from "../../scripts/lib/root.ts";

/** Path in the repository -> text, of all files below these folders; generated ones are made of others. */
export function read(folders: readonly string[], ending: RegExp): ReadonlyMap<string, string> {
  const paths = folders.flatMap((folder) => listFiles(join(root, folder)).map((path) => `${folder}/${path}`));
  const own = paths.filter((path) => ending.test(path) && !path.endsWith(".gen.ts"));
  return new Map(own.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

/** What a source says: its texts that are more than one word, without comments. */
export function sentences(source: string): readonly string[] {
  const code = source.replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, "");
  const texts = [...code.matchAll(/"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)];
  return texts
    .map(([, plain, template]) => (plain ?? template ?? "").replaceAll("\\`", "`"))
    .filter((text) => text.includes(" "));
}

/** Text in backticks. */
export const marked = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, inner = ""]) => inner);

/** Flags of ours: those of other programs stand in backticks after the program's name. */
export function flagsIn(text: string): readonly string[] {
  const isForeign = (inner: string): boolean => inner.includes(" ") && !/^(?:deploy |--)/.test(inner);
  const own = text.replaceAll(/`([^`]*)`/g, (whole, inner: string) => (isForeign(inner) ? "" : whole));
  return [...own.matchAll(/(?<![\w-])(--[a-z][a-z-]+)/g)].map(([flag]) => flag);
}

/** Commands of ours, as a person would type them: in backticks, or after a colon with its flags. */
export function commandsIn(text: string): readonly string[] {
  return [...text.matchAll(/(?:`deploy |: deploy (?=[a-z-]+ --))([a-z]+(?:-[a-z]+)*)/g)].map(
    ([, verb = ""]) => verb,
  );
}
