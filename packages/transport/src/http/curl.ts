import type { ExecResult, HttpAnswer, HttpProbe } from "@deploy/remote";
import { bodyCap, httpFailure, shown } from "./get.ts";

/** How much of curl's output is read: heads of several answers may stand before the body. */
export const curlCap = 4 * bodyCap;

/** Reads what `curl` printed. Throws `forwarding-refused` where there is no curl, else `http-…`. */
export function parseCurl(result: ExecResult, probe: HttpProbe, host: string): HttpAnswer {
  const code = Number(/^curl=(\d+)$/m.exec(result.stderr)?.[1] ?? Number.NaN);
  const said = result.stderr.replace(/^curl=\d+\n?/m, "").trim();
  if (code === 127)
    throw httpFailure(
      "forwarding-refused",
      `${host} prohibits TCP forwarding and has no curl to ask ${shown(probe)} with`,
      host,
    );
  if (code === 7) throw httpFailure("http-refused", `Nothing listens at ${shown(probe)}`, host);
  if (code === 28)
    throw httpFailure(
      "http-timeout",
      `${shown(probe)} did not answer within ${probe.timeout / 1000} s`,
      host,
    );
  const answer = parseAnswer(result.stdout);
  if (answer === undefined || (code !== 0 && result.stdout.length < 2 * bodyCap))
    throw httpFailure(
      "http-failed",
      `${shown(probe)} gave no valid answer: ${said || describe(result)}`,
      host,
    );
  return answer;
}

function parseAnswer(text: string): HttpAnswer | undefined {
  let rest = text;
  for (;;) {
    const end = /\r?\n\r?\n/.exec(rest);
    const status = Number(/^HTTP\/[\d.]+ (\d{3})/.exec(rest)?.[1] ?? Number.NaN);
    if (end === null || Number.isNaN(status)) return undefined;
    const head = rest.slice(0, end.index).split(/\r?\n/).slice(1);
    rest = rest.slice(end.index + end[0].length);
    if (status < 200) continue;
    return {
      status,
      headers: headersOf(head),
      body: Buffer.from(rest).subarray(0, bodyCap).toString("utf8"),
    };
  }
}

function headersOf(lines: readonly string[]): Readonly<Record<string, string>> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 1) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value);
  }
  return Object.fromEntries(headers);
}

const describe = (result: ExecResult): string =>
  result.status === "unknown"
    ? result.reason
    : result.status === "exited"
      ? `exit ${result.code}`
      : result.signal;
