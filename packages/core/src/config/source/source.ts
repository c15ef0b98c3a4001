import { input, section } from "../section.ts";
import { line, list, text } from "../values/leaves.ts";
import { readSource, sourcePhrase } from "../values/paths.ts";

export const source = section({
  keys: {
    source: text(sourcePhrase, readSource)
      .prefault(".")
      .describe("The folder that is packed, relative to the repository."),
    exclude: list(line("a pattern in one line"), "patterns")
      .prefault([])
      .describe("What is left out, as in a `.gitignore` file."),
  },
  inputs: {
    source: input("text", "source", "Folder to pack, relative to the repository."),
    exclude: input("lines", "exclude", "gitignore-style patterns of files not to send, one per line."),
  },
});
