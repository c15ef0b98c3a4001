import { frame, fromHex, readLines, wordsOf } from "../answer.ts";
import type { RemoteCommand } from "../command.ts";
import { toldChoice, toldNumber } from "../told.ts";
import { ask, type Source } from "./drivers.ts";
import { compressions, type SourceFacts } from "./types.ts";

/**
 * A look at the source, before anything is dumped; writes nothing. Its payload is `secretLine(source)`.
 * Throws `tool-missing`, `backup-client-old`, `backup-source` (the tool's words, without the password).
 */
export function inspectSource(source: Source): RemoteCommand<SourceFacts> {
  return {
    ...ask("inspect", source),
    kind: "read",
    rehearsal: frame(
      ...["name ", "server ", "tool ", "identity ", "estimate 0", "tables 0", "compressor none"],
    ),
    parse: (result) => factsOf(readLines(`inspect ${source.kind}`, result)),
  };
}

function factsOf(lines: readonly string[]): SourceFacts {
  const text = (key: string) => fromHex(wordsOf(lines, key)[0]);
  return {
    name: text("name"),
    server: text("server"),
    tool: text("tool"),
    identity: text("identity").trim(),
    estimate: toldNumber("an estimate", wordsOf(lines, "estimate")[0]),
    tables: toldNumber("a number of tables", wordsOf(lines, "tables")[0]),
    compressor: toldChoice("a compression", compressions, wordsOf(lines, "compressor")[0]),
    warnings: warningsOf(lines),
  };
}

/** What a script warned of. */
export function warningsOf(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.startsWith("warning ")).map((line) => fromHex(line.slice(8)));
}
