import type { RemoteCommand } from "@deploy/remote";
import type { Transport } from "@deploy/transport";

/** What a contract suite is given: `cut` drops the connection without a goodbye, where that can be done. */
export interface ContractSubject {
  readonly transport: Transport;
  /** Lets the host reach this port of this machine's loopback, where it cannot by itself. */
  expose?(port: number): void;
  dispose(): Promise<void>;
  cut?(): Promise<void>;
}

/** A read made of some lines of sh, for suites that are about carrying commands, not about commands. */
export function shell(body: string, args: readonly string[] = [], payload = false): RemoteCommand<unknown> {
  const script = `${prelude}body() {\n${body}\n}\nmain "$@"${payload ? "" : " </dev/null"}\n`;
  return { name: "contract", kind: "read", script, args, payload, rehearsal: "", parse: (result) => result };
}

// `render` sends what a log-in shell could misread as `=:` and octal bytes.
const prelude = `main() {
  left=$#
  while [ "$left" -gt 0 ]; do
    word=$1
    case $word in '=:'*)
      word=$(printf '%b.' "$(printf '%s' "\${word#=:}" | sed 's/=/\\\\0/g')")
      word=\${word%.} ;;
    esac
    shift
    set -- "$@" "$word"
    left=$((left - 1))
  done
  body "$@"
  exit "$?"
}
`;

/** A folder on the host for one test. */
export async function withFolder(
  get: () => Transport,
  work: (folder: Folder) => Promise<void>,
): Promise<void> {
  const path = (await get().exec(shell("mktemp -d"))).stdout.trim();
  const say = async (body: string) => (await get().exec(shell(body, [path]))).stdout.trim();
  try {
    await work({ path, say });
  } finally {
    await say('rm -r "$1"');
  }
}

export interface Folder {
  readonly path: string;
  /** What some sh prints, which is given the folder. */
  readonly say: (body: string) => Promise<string>;
}

/** `count` chunks of `size` bytes that differ from each other; tells how many were taken and whether it was let go. */
export function payloadOf(count: number, size: number) {
  const taken = { bytes: 0, closed: false };
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for (let index = 0; index < count; index++) {
        taken.bytes += size;
        yield Buffer.alloc(size, `chunk ${index} \u0000\r\n\u00ff `, "latin1");
      }
    } finally {
      taken.closed = true;
    }
  }
  return { chunks: chunks(), taken };
}
