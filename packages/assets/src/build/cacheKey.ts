import type { Setting } from "../compile/setting.ts";
import { isCompiled, type Language } from "../sources/kind.ts";
import type { Role } from "../tools/table.ts";
import { sha256 } from "./hashes.ts";

/** Raised when our own way of driving the tools changes what they make. */
const generation = 2;

const roles: Readonly<Record<Language, readonly Role[]>> = {
  scss: ["sass", "css"],
  sass: ["sass", "css"],
  less: ["less", "css"],
  css: ["css"],
  js: ["js"],
  svg: ["svg"],
  html: ["html"],
  copy: [],
};

/** Digest of all that decides what becomes of a file, but for the files themselves. */
export function cacheKey(language: Language, setting: Setting): string {
  const { minify, sourceMaps, targets, tools, search, root } = setting;
  const style = isCompiled(language) || language === "css";
  return sha256(
    JSON.stringify([
      generation,
      language,
      minify,
      sourceMaps,
      roles[language].map((role) => [tools[role].name, tools[role].version, tools[role].from]),
      style ? targets : null,
      isCompiled(language) ? search.map((folder) => folder.replace(root, "")) : null,
    ]),
  );
}
