import type { ExecResult, HttpProbe, RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";

/** A GET by the host's own curl, of at most so many bytes, head and body. What they say is for who asked to read. */
export function curlGet(probe: HttpProbe, bytes: number): RemoteCommand<ExecResult> {
  return {
    name: "http get",
    kind: "read",
    script: scripts.curlGet,
    args: [
      ...[plainUrl(probe.url), bracketed(probe.address), (probe.timeout / 1000).toFixed(3), String(bytes)],
      ...(probe.headers ?? []),
    ],
    payload: false,
    rehearsal: "",
    parse: (result) => result,
  };
}

export const bracketed = (address: string): string => (address.includes(":") ? `[${address}]` : address);

/** ASCII, and without what `render` would have to encode: this script does not decode. */
export function plainUrl(url: string): string {
  return new URL(url).href.replace(/['!\\]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
}
