import { Cancelled } from "./failure.ts";
import type { Io } from "./io.ts";

/** A value that is never shown: typed at a terminal without echo, or all that is piped in, without its last line end. Throws Cancelled. */
export async function readSecret(io: Io, question: string): Promise<string> {
  return io.terminal === undefined ? readPiped(io) : readTyped(io, io.terminal, question);
}

async function readPiped({ stdin }: Io): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/, "");
}

async function readTyped(io: Io, terminal: NonNullable<Io["terminal"]>, question: string): Promise<string> {
  io.stderr.write(question);
  terminal.raw(true);
  let stop = (): void => {};
  try {
    return await new Promise<string>((done, fail) => {
      let value = "";
      const hear = (chunk: string | Uint8Array): void => {
        for (const key of Buffer.from(chunk).toString("utf8")) {
          if (key === "\r" || key === "\n") done(value);
          if (key === "\u0003" || key === "\u0004") fail(new Cancelled());
          value = key === "\u007f" || key === "\b" ? [...value].slice(0, -1).join("") : value + key;
        }
      };
      terminal.input.on("data", hear);
      stop = () => terminal.input.removeListener("data", hear);
    });
  } finally {
    stop();
    terminal.raw(false);
    io.stderr.write("\n");
  }
}
