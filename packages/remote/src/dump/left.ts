import { frame, fromHex, readLines } from "../answer.ts";
import type { RemoteCommand } from "../command.ts";
import { toldNumber } from "../told.ts";
import { ask, type Source } from "./drivers.ts";

/** What a restore left beside the source. */
export interface Left {
  readonly name: string;
  readonly bytes: number;
}

/**
 * What restores left: what was there before one took its place, and copies that never did; a server tells that of all its
 * databases. Payload: `secretLine(source)`. Throws `backup-source`, `tool-missing`.
 */
export function listLeft(source: Source): RemoteCommand<readonly Left[]> {
  return {
    ...ask("left", source),
    kind: "read",
    rehearsal: frame(),
    parse: (result) =>
      readLines(`left ${source.kind}`, result).flatMap((line) => {
        const [key, name, bytes] = line.split(" ");
        return key === "left" ? [{ name: fromHex(name), bytes: toldNumber("a size", bytes) }] : [];
      }),
  };
}
