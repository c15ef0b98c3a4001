import type { Finding } from "../file/finding.ts";
import { valueAt } from "../file/path.ts";
import { input, section } from "../section.ts";
import { list, text } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";
import { isWithin, readShared, readSharedFile, sharedPhrase } from "../values/paths.ts";
import { show } from "../values/text.ts";

const folders = mapping({
  directories: list(text(sharedPhrase, readShared), "paths")
    .prefault([])
    .describe("Folders, made when missing."),
  files: list(text(sharedPhrase, readSharedFile), "paths").prefault([]).describe("Files, put there by you."),
}).meta({ title: "shared" });

export const shared = section({
  keys: {
    shared: folders
      .optional()
      .transform((given) => given ?? folders.parse({}))
      .describe("What outlives releases; linked into each, never overwritten."),
  },
  inputs: {
    "shared-directories": input(
      "lines",
      "shared.directories",
      "Folders that outlive releases, one per line.",
    ),
    "shared-files": input("lines", "shared.files", "Files that outlive releases, one per line."),
  },
  check: ({ tree }) => checkApart(tree.shared),
});

/** Shared paths that are the same, or lie in each other: linking one would hide the other. */
function checkApart(shared: unknown): readonly Finding[] {
  const entries = ["directories", "files"].flatMap((kind) => {
    const list = valueAt(shared, [kind]);
    return (Array.isArray(list) ? list : []).flatMap((raw: unknown, index) => {
      const text = typeof raw === "string" ? readShared(raw) : undefined;
      return text === undefined ? [] : [{ text, path: ["shared", kind, index] }];
    });
  });
  return entries.flatMap(({ text, path }, index) => {
    const others = entries.filter((other, at) => at !== index && isWithin(text, other.text));
    const other = others.find((other) => other.text !== text || entries.indexOf(other) < index);
    if (other === undefined) return [];
    const how = other.text === text ? "is there already" : `lies in ${show(other.text)}`;
    const message = `expected shared paths apart from each other, got ${show(text)}, which ${how}`;
    return [{ path, at: "value", code: "config-conflict", message } satisfies Finding];
  });
}
