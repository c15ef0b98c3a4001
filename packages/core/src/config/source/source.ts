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
    "allow-credentials": list(
      text("a file below `source`, as a relative path without ..", readSource),
      "paths",
    )
      .prefault([])
      .describe(
        "Files that are packed although they hold a private key, a token or a password; any other such file stops the pack.",
      ),
  },
  inputs: {
    source: input("text", "source", "Folder to pack, relative to the repository."),
    exclude: input("lines", "exclude", "gitignore-style patterns of files not to send, one per line."),
    "allow-credentials": input(
      "lines",
      "allow-credentials",
      "Files to send although they hold credentials, relative to `source`, one per line.",
    ),
  },
});
