import { DeployError, type ErrorCode } from "@deploy/core";
import { type ExecResult, type RemoteCommand, type Source, secretLine } from "@deploy/remote";
import type { Transport } from "@deploy/transport";
import { lastWords, onHost } from "./place.ts";

/** Which code says that the end was not seen, and which that it was killed. */
export interface Failures {
  readonly cut: ErrorCode;
  readonly killed: ErrorCode;
}

export const whileDumping: Failures = { cut: "backup-cut", killed: "backup-failed" };
export const whileRestoring: Failures = { cut: "restore-failed", killed: "restore-failed" };

export interface Asked {
  readonly transport: Transport;
  readonly source: Source;
  readonly signal?: AbortSignal;
}

/** Runs a command about a source and reads its answer. `input` begins with the secret's line. Throws for every other end. */
export async function ask<T>(
  { transport, source, signal }: Asked,
  command: RemoteCommand<T>,
  failures: Failures,
  input: AsyncIterable<Uint8Array> = secretOnly(source),
): Promise<T> {
  const result = await transport.exec(command, { input, ...(signal === undefined ? {} : { signal }) });
  return judge({ transport, source }, command, result, failures);
}

/** The answer of a command that was seen to end with 0, and nothing else. */
export function judge<T>(
  { transport, source }: Asked,
  command: RemoteCommand<T>,
  result: ExecResult,
  failures: Failures,
): T {
  const { host } = transport;
  const said = lastWords(result, source);
  try {
    if (result.status === "unknown") {
      throw new DeployError(failures.cut, `${command.name}: nobody saw its end (${result.reason})${said}`);
    }
    if (result.status === "signalled") {
      throw new DeployError(failures.killed, `${command.name} was ended by ${result.signal}${said}`);
    }
    const answer = command.parse(result);
    if (result.code === 0) return answer;
    throw new DeployError(failures.killed, `${command.name} ended ${result.code}${said}`);
  } catch (error) {
    throw onHost(host.name, error);
  }
}

export async function* secretOnly(source: Source): AsyncGenerator<Uint8Array, void, undefined> {
  yield secretLine(source);
}
