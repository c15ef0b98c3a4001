import { DeployError, dataSize } from "@deploy/core";
import type { Compression, Dumped } from "@deploy/remote";
import { Companion } from "../bytes/companion.ts";
import type { ProgressTeller } from "../progress.ts";

export interface Wanted {
  readonly compression: Compression;
  /** Bytes: a smaller dump is refused as empty. */
  readonly minimum: number;
  readonly progress: ProgressTeller;
  /** Called when all is well, before the stream ends. */
  readonly onDumped: (dumped: Dumped) => void;
}

/**
 * Lets the bytes pass and ends only where they are the whole dump: the command ended well, what came here unpacks to exactly the
 * bytes that the host counted and hashed, and it is not empty. Throws `backup-damaged`, `backup-empty`, or the source's own error.
 */
export async function* wholeDump(
  source: AsyncGenerator<Uint8Array, Dumped, undefined>,
  { compression, minimum, progress, onDumped }: Wanted,
): AsyncGenerator<Uint8Array, void, undefined> {
  const companion = new Companion(compression);
  try {
    for (let next = await source.next(); ; next = await source.next()) {
      if (next.done === true) {
        await checkWhole(companion, next.value, compression);
        checkMinimum(next.value, minimum);
        progress.end(companion.size);
        return onDumped(next.value);
      }
      await companion.push(next.value);
      progress.at(companion.size);
      yield next.value;
    }
  } finally {
    await companion.stop();
    await source.return(undefined as never);
  }
}

async function checkWhole(companion: Companion, dumped: Dumped, compression: Compression): Promise<void> {
  if (dumped.compression !== compression) {
    throw damaged(`is ${dumped.compression} and should be ${compression}`);
  }
  const arrived = await companion.end();
  if (arrived.size !== dumped.bytes)
    throw damaged(`was ${dumped.bytes} bytes there and is ${arrived.size} here`);
  if (arrived.sha256 !== dumped.sha256) throw damaged(`has another SHA-256 there than here`);
}

function damaged(why: string): DeployError {
  const hint = "Run it again; if it stays, check the host's memory and the network path.";
  return new DeployError("backup-damaged", `On its way from the host the dump was altered: it ${why}`, {
    hint,
  });
}

function checkMinimum(dumped: Dumped, minimum: number): void {
  if (dumped.bytes >= minimum && dumped.bytes > 0) return;
  throw new DeployError(
    "backup-empty",
    `The dump has ${dataSize(dumped.bytes)}, less than ${dataSize(minimum)}`,
  );
}
