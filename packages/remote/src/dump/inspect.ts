import { frame, fromHex, readLines, wordsOf } from "../answer.ts";
import type { RemoteCommand } from "../command.ts";
import { ask, type Source } from "./drivers.ts";
import type { Compression, SourceFacts } from "./types.ts";

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
    estimate: Number(wordsOf(lines, "estimate")[0]),
    tables: Number(wordsOf(lines, "tables")[0]),
    compressor: wordsOf(lines, "compressor")[0] as Compression,
    warnings: warningsOf(lines),
  };
}

/** What a script warned of. */
export function warningsOf(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.startsWith("warning ")).map((line) => fromHex(line.slice(8)));
}
