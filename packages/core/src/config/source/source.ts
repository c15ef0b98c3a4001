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
    built: list(text("a folder or file below `source`, as a relative path without ..", readSource), "paths")
      .optional()
      .describe(
        "What `build` makes and git ignores, relative to `source`: it is packed, and all else that git ignores is left out. Without: what git ignores is packed, but where the command packs and there is no `build`; a `source` that git ignores is always packed as it is.",
      ),
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
    built: input(
      "lines",
      "built",
      "What the build makes and git ignores, relative to `source`, one path per line: all else that git ignores is then left out.",
    ),
    "allow-credentials": input(
      "lines",
      "allow-credentials",
      "Files to send although they hold credentials, relative to `source`, one per line.",
    ),
  },
});
