import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/lib/root.ts";

/** A block of code of a page, without the indentation of the list it may stand in. */
export interface Block {
  /** `docs/guides/install.md:12`. */
  readonly place: string;
  readonly text: string;
}

const guides = readdirSync(join(root, "docs/guides"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/guides/${name}`);
const actions = readdirSync(join(root, "actions")).map((name) => `actions/${name}/README.md`);
const pages = ["README.md", ...guides, ...actions];

/** Every block of a language in what users read: the README, the guides, the actions' pages. */
export function blocksOf(language: string): readonly Block[] {
  return pages.flatMap((page) => {
    const text = readFileSync(join(root, page), "utf8");
    const fences = text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\`$`, "gm"));
    return [...fences].map(({ index, 1: indent = "", 2: body = "" }) => ({
      place: `${page}:${text.slice(0, index).split("\n").length + 1}`,
      text: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    }));
  });
}

/** Every command of deploy that is named within a sentence, there and in the reference of errors. */
export function namedCommands(): readonly Block[] {
  return [...pages, "docs/reference/errors.md"].flatMap((page) => {
    const lines = readFileSync(join(root, page), "utf8").split("\n");
    return lines.flatMap((line, index) =>
      [...line.matchAll(/`(deploy [a-z][^`]*)`/g)].map(([, text = ""]) => ({
        place: `${page}:${index + 1}`,
        text,
      })),
    );
  });
}
