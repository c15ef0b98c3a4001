import { DeployError } from "@deploy/core";
import { frame, fromHex, readLines, wordsOf } from "../answer.ts";
import type { RemoteCommand } from "../command.ts";
import { toldDigest, toldNumber } from "../told.ts";
import { ask, type Source } from "./drivers.ts";
import type { Counted } from "./types.ts";

/**
 * The rows of every table and a hash of the schema, of `name` beside the source or of the source itself: two that agree
 * hold as much. Payload: `secretLine(source)`. Throws `backup-source`, `tool-missing`.
 */
export function countRows(source: Source, name: string): RemoteCommand<Counted> {
  return {
    ...ask("count", source, (checked) => [checked(name)]),
    kind: "read",
    rehearsal: frame(`schema ${"0".repeat(64)}`),
    parse: (result) => {
      const lines = readLines(`count ${source.kind}`, result);
      return { tables: lines.flatMap(rowsOf), schema: toldDigest("a schema", wordsOf(lines, "schema")[0]) };
    },
  };
}

function rowsOf(line: string): Counted["tables"] {
  const [key, name, rows] = line.split(" ");
  return key === "rows" ? [{ name: fromHex(name), rows: toldNumber("rows", rows) }] : [];
}

/**
 * Drops a scratch database, whose name holds `_deploy_verify_`, or what a restore left, whose name ends so; nothing else can be
 * dropped. Payload: `secretLine(source)`.
 */
export function dropDatabase(source: Source, name: string): RemoteCommand<void> {
  if (!/_(?:deploy_verify_[^/]+|(?:before|incomplete|deploy_restore)_[0-9a-f]{4})$/.test(name)) {
    throw new DeployError(
      "argument-refused",
      `${name} was made neither for a check of a backup nor by a restore`,
    );
  }
  return {
    ...ask("drop", source, (checked) => [checked(name)]),
    kind: "idempotent",
    rehearsal: frame("dropped"),
    parse: (result) => {
      readLines(`drop ${source.kind}`, result);
    },
  };
}
