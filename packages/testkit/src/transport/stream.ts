import { createHash, randomBytes } from "node:crypto";
import type { ExecResult } from "@deploy/remote";
import type { Transport } from "@deploy/transport";
import { expect, test } from "@jest/globals";
import { type Folder, shell, withFolder } from "./command.ts";

const ended = (code: number, stderr = ""): ExecResult => ({
  status: "exited",
  code,
  stdout: "",
  stderr,
  dropped: 0,
});
const unknown = (reason: string) => ({ status: "unknown", reason, stdout: "", dropped: 0 });
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Keeps what it is given, and `then` decides what each chunk waits for. */
function basin(then: () => Promise<unknown> = async () => {}) {
  const chunks: Uint8Array[] = [];
  const sink = async (chunk: Uint8Array) => {
    chunks.push(chunk);
    await then();
  };
  return { sink, chunks, bytes: () => Buffer.concat(chunks) };
}

/** Bytes from a command, taken by a sink. */
export function streams(get: () => Transport, signals: boolean): void {
  wholeStreams(get);
  heldStreams(get);
  if (signals) silentStreams(get);
}

function wholeStreams(get: () => Transport): void {
  test("64 MiB of noise reach a slow sink as they are, one chunk after the other", () =>
    withFolder(get, async ({ path, say }) => {
      const made = await say('head -c 67108864 /dev/urandom >"$1/noise"; sha256sum <"$1/noise"');
      const hash = createHash("sha256");
      let [busy, most, size, calls] = [0, 0, 0, 0];
      const sink = async (chunk: Uint8Array) => {
        most = Math.max(most, ++busy);
        if (calls++ % 16 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
        else await turn();
        hash.update(chunk);
        size += chunk.length;
        busy--;
      };
      const result = await get().exec(shell('cat "$1/noise"', [path]), { sink });
      expect({ result, most, size, busy, sum: `${hash.digest("hex")}  -` }).toEqual({
        result: ended(0),
        most: 1,
        size: 67_108_864,
        busy: 0,
        sum: made,
      });
    }));

  test("every byte value arrives, and nothing is decoded or told", async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const bytes = Buffer.concat([all, randomBytes(5), all]);
    const told: string[] = [];
    const { sink, bytes: taken } = basin(turn);
    async function* input(): AsyncGenerator<Uint8Array> {
      yield bytes;
    }
    const result = await get().exec(shell("cat; echo done >&2", [], true), {
      sink,
      input: input(),
      onOutput: (stream, text) => told.push(`${stream}: ${text}`),
    });
    expect({ result, whole: taken().equals(bytes), told }).toEqual({
      result: ended(0, "done\n"),
      whole: true,
      told: ["stderr: done\n"],
    });
  });

  test("no bytes are no chunk", async () => {
    const { sink, chunks } = basin();
    const result = await get().exec(shell("exit 4"), { sink });
    expect({ result, chunks }).toEqual({ result: ended(4), chunks: [] });
  });

  test("stderr is captured beside, and kept apart", async () => {
    const { sink, bytes } = basin(turn);
    const body =
      'i=0; while [ $i -lt 200 ]; do head -c 10000 /dev/zero; echo "line $i" >&2; i=$((i + 1)); done; exit 3';
    const result = await get().exec(shell(body), { sink });
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index}\n`).join("");
    expect({ result, whole: bytes().equals(Buffer.alloc(2_000_000)) }).toEqual({
      result: ended(3, lines),
      whole: true,
    });
  });

  test("a signal in the middle is not an exit", async () => {
    const { sink, bytes } = basin(turn);
    const result = await get().exec(shell("printf half; kill -9 $$"), { sink });
    expect([
      { status: "signalled", signal: "SIGKILL", stdout: "", dropped: 0 },
      { status: "exited", code: 137, stdout: "", dropped: 0 },
    ]).toContainEqual({ ...result, stderr: undefined });
    expect(bytes().toString()).toBe("half");
  });

  test("the end waits for the sink to have taken the last chunk", async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const order: string[] = [];
    const running = get()
      .exec(shell("printf last"), {
        sink: async () => {
          await held;
          order.push("taken");
        },
      })
      .then((result) => order.push(result.status));
    await get().exec(shell("sleep 0.3"));
    order.push("released");
    release();
    await running;
    expect(order).toEqual(["released", "taken", "exited"]);
  });
}

/** Writes 64 KiB at a time and counts, so that a look at the host tells how much was let out. */
const counting = (more: string) =>
  `echo $$ >"$1/pid"; i=0
   while [ $i -lt 2048 ]; do
     head -c 65536 /dev/zero || exit 9
     i=$((i + 1)); echo $i >"$1/count.new"; mv "$1/count.new" "$1/count"; ${more}
   done`;

function heldStreams(get: () => Transport): void {
  test.each([
    ["a silent", ""],
    ["a chatty", 'echo "so far $i" >&2'],
  ])("%s command is held back by a sink that never ends, and stopped by an abort", (_, more) =>
    withFolder(get, async ({ path, say }) => {
      const stop = new AbortController();
      const { sink, chunks } = basin(() => new Promise(() => {}));
      const running = get().exec(shell(counting(more), [path]), { sink, signal: stop.signal });
      const counted = await settled(() => say('cat "$1/count" 2>/dev/null || echo 0'));
      stop.abort();
      const { stderr: _told, ...result } = await running;
      await gone(say);
      expect({
        result,
        few: Number(counted) > 0 && Number(counted) < 256,
        calls: chunks.length,
      }).toEqual({
        result: unknown("stopped waiting"),
        few: true,
        calls: 1,
      });
    }),
  );

  test("a sink that refuses stops the command, which nobody hears any more", () =>
    withFolder(get, async ({ path, say }) => {
      let calls = 0;
      const sink = async () => {
        if (++calls === 3) throw new Error("the store is full");
      };
      const result = await get().exec(shell(counting(""), [path]), { sink });
      await gone(say);
      expect({ result: { ...result, stderr: "" }, calls }).toEqual({
        result: { ...unknown("the output could not be taken: the store is full"), stderr: "" },
        calls: 3,
      });
    }));
}

/** A number that stands still: the writer is blocked. */
async function settled(read: () => Promise<string>): Promise<string> {
  let [last, same] = ["0", 0];
  while (same < 4) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const now = await read();
    same = now === last && now !== "0" ? same + 1 : 0;
    last = now;
  }
  return last;
}

/** Waits until the process that wrote its id is no more. The test's own time limit is the bound. */
async function gone(say: Folder["say"]): Promise<void> {
  while ((await say('kill -0 "$(cat "$1/pid")" 2>/dev/null && echo alive')) === "alive") await turn();
}

function silentStreams(get: () => Transport): void {
  test("a sink that refuses ends a command that is silent from then on", () =>
    withFolder(get, async ({ path, say }) => {
      const sink = () => {
        throw new Error("no");
      };
      const result = await get().exec(shell('echo $$ >"$1/pid"; echo begun; sleep 60', [path]), { sink });
      await gone(say);
      expect({ ...result, stderr: "" }).toEqual({
        ...unknown("the output could not be taken: no"),
        stderr: "",
      });
    }));
}

/** A stream cut by the network, at two moments: what came before is no proof of the rest. */
export async function cutStream(
  transport: Transport,
  cut: () => Promise<void>,
  moment: "in the middle" | "at the end",
): Promise<{ readonly result: ExecResult; readonly size: number; readonly later: number }> {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let [size, done] = [0, undefined as Promise<void> | undefined];
  const sink = async (chunk: Uint8Array) => {
    size += chunk.length;
    done ??= cut();
    if (moment === "in the middle") await held;
  };
  const body = moment === "in the middle" ? "head -c 16777216 /dev/zero" : "printf all; sleep 60 & wait";
  const result = await transport.exec(shell(body), { sink });
  const seen = size;
  release();
  await done;
  for (let index = 0; index < 5; index++) await turn();
  return { result, size: seen, later: size - seen };
}
