import { cleanLine, DeployError, type ErrorCode } from "@deploy/core";
import type { ExecResult } from "@deploy/remote";
import type { ClientEnd } from "./client.ts";
import { exitOf } from "./exits.ts";

/** What both ends said about a transfer that is not whole. */
export interface Ends {
  readonly host: string;
  readonly client: ClientEnd;
  readonly server: ExecResult;
}

const noRoom = /No space left on device|quota exceeded/i;
const noWriting = /Read-only file system|Permission denied|Operation not permitted/;
/** Lines about files of the runner. */
const ofSender = /\[sender\]|send_files|link_stat|opendir|file has vanished/;
/** What every failure ends with: the code, which is said apart, and that the other end is gone. */
const closing = /^rsync error: |connection unexpectedly closed|^$/;

/** The codes that an end gives when it was the other one which failed. */
const echoes = new Set([10, 12, 14, 19, 20, 255]);

/** The one error for all ends but a whole one. What the tools printed is data. */
export function rsyncFailure({ host, client, server }: Ends): DeployError {
  const lines = wordsOf(client, server);
  const theirs = lines.filter((line) => !ofSender.test(line));
  const place = { host };
  const said = lines.length === 0 ? "" : `: ${cleanLine(lines.slice(0, 2).join(" · ")).slice(0, 400)}`;
  const code: ErrorCode = theirs.some((line) => noRoom.test(line))
    ? "disk-full"
    : theirs.some((line) => noWriting.test(line))
      ? "write-failed"
      : "rsync-failed";
  const ended = codeOf(client, server);
  if (ended === undefined) {
    const hint = "Run it again: it goes on from what arrived.";
    return new DeployError(code, `rsync was ended by ${client.reason}${said}`, { hint, place });
  }
  const { cause, next } = exitOf(ended);
  const hint = code === "rsync-failed" ? { hint: `${next}.` } : {};
  return new DeployError(code, `rsync ended ${ended}, ${cause}${said}`, { ...hint, place });
}

/** The code of the end that failed first, as far as it can be told. */
function codeOf(client: ClientEnd, server: ExecResult): number | undefined {
  const named = /rsync on this host ended (\d+)$/.exec(refusalIn(server))?.[1];
  const theirs = named === undefined ? (server.status === "exited" ? server.code : 0) : Number(named);
  const mine = client.code;
  if (mine !== null && mine !== 0 && !echoes.has(mine)) return mine;
  if (theirs !== 0 && !echoes.has(theirs)) return theirs;
  return mine === 0 ? theirs : (mine ?? undefined);
}

function wordsOf(client: ClientEnd, server: ExecResult): readonly string[] {
  const [before = ""] = server.stderr.split("\n--deploy-begin--\n");
  const killed = server.status === "signalled" ? `the host's end was ended by ${server.signal}` : "";
  const all = `${client.stderr}\n${before}\n${killed}`.split("\n").map((line) => line.trim());
  return [...new Set(all)].filter((line) => !closing.test(line));
}

function refusalIn(server: ExecResult): string {
  const hex = /^error rsync-failed ([0-9a-f]*)$/m.exec(server.stderr)?.[1] ?? "";
  return Buffer.from(hex, "hex").toString("utf8");
}
