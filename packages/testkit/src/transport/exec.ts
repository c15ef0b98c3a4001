import { createHash } from "node:crypto";
import type { ExecResult } from "@deploy/remote";
import type { Transport } from "@deploy/transport";
import { expect, test } from "@jest/globals";
import { payloadOf, shell, withFolder } from "./command.ts";

const exited = (code: number, stdout = "", stderr = ""): ExecResult => ({
  status: "exited",
  code,
  stdout,
  stderr,
  dropped: 0,
});

/** How a command ends, and what is known of it. */
export function endings(get: () => Transport, every: boolean): void {
  test(every ? "every exit code arrives" : "exit codes arrive", async () => {
    const codes = every
      ? Array.from({ length: 256 }, (_, code) => code)
      : [0, 1, 2, 7, 64, 79, 124, 125, 126, 127, 128, 129, 130, 137, 143, 254, 255];
    const results: ExecResult[] = [];
    const lane = async (first: number) => {
      for (let index = first; index < codes.length; index += 4)
        results[index] = await get().exec(shell('exit "$1"', [String(codes[index])]));
    };
    await Promise.all([0, 1, 2, 3].map(lane));
    expect(results).toEqual(codes.map((code) => exited(code)));
  });

  test("a command killed by a signal is not ok", async () => {
    const result = await get().exec(shell("kill -9 $$"));
    // A log-in shell that waits for the script turns the signal into a code.
    expect([
      { status: "signalled", signal: "SIGKILL", stdout: "", dropped: 0 },
      { status: "exited", code: 137, stdout: "", dropped: 0 },
    ]).toContainEqual({ ...result, stderr: undefined });
  });

  test("the exit status ends a command that left something running, which is told", () =>
    withFolder(get, async ({ path, say }) => {
      const notes: string[] = [];
      const body = '(until [ -e "$1/go" ]; do sleep 0.1; done; : >"$1/gone") & echo begun; exit 3';
      const result = await get().exec(shell(body, [path]), { onNote: (text) => notes.push(text) });
      await say(': >"$1/go"; until [ -e "$1/gone" ]; do sleep 0.1; done');
      expect({ result, notes }).toEqual({
        result: exited(3, "begun\n"),
        notes: [
          expect.stringMatching(/^the command has ended, but something it started still holds its output/),
        ],
      });
    }));

  test("an abort stops the waiting", async () => {
    const stop = new AbortController();
    const onOutput = () => stop.abort();
    const result = await get().exec(shell("echo begun; sleep 30"), { signal: stop.signal, onOutput });
    expect(result).toEqual({
      status: "unknown",
      reason: "stopped waiting",
      stdout: "begun\n",
      stderr: "",
      dropped: 0,
    });
  });

  test("after an abort nothing is begun", async () => {
    const result = await get().exec(shell("echo begun"), { signal: AbortSignal.abort() });
    expect(result).toEqual({
      status: "unknown",
      reason: "stopped waiting",
      stdout: "",
      stderr: "",
      dropped: 0,
    });
  });

  test("several commands at once keep their answers apart", async () => {
    const ids = Array.from({ length: 8 }, (_, index) => index);
    const body = 'for i in 1 2 3; do echo "out $1"; echo "err $1" >&2; done; exit "$1"';
    const results = await Promise.all(ids.map((id) => get().exec(shell(body, [String(id)]))));
    expect(results).toEqual(ids.map((id) => exited(id, `out ${id}\n`.repeat(3), `err ${id}\n`.repeat(3))));
  });
}

/** What a command prints. */
export function outputs(get: () => Transport): void {
  test("1 MiB on each stream, no line end, whole and apart", async () => {
    const body = "head -c 1048576 /dev/zero | tr '\\0' o; head -c 1048576 /dev/zero | tr '\\0' e >&2";
    const { stdout, stderr, ...rest } = await get().exec(shell(body));
    const whole = { stdout: stdout === "o".repeat(1_048_576), stderr: stderr === "e".repeat(1_048_576) };
    expect({ ...rest, ...whole }).toEqual({
      status: "exited",
      code: 0,
      dropped: 0,
      stdout: true,
      stderr: true,
    });
  });

  test("bytes that are no text are still an answer", async () => {
    const result = await get().exec(shell("printf 'a\\001\\033\\377\\200b'; printf '\\376' >&2; exit 3"));
    expect(result).toEqual(exited(3, "a\u0001\u001b\ufffd\ufffdb", "\ufffd"));
  });

  test("a character split between two writes is told whole", async () => {
    const told = { stdout: "", stderr: "" };
    const gate = (await get().exec(shell("mktemp -d"))).stdout.trim();
    const onOutput = (stream: "stdout" | "stderr", text: string) => {
      if (told.stdout === "") void get().exec(shell(': >"$1/go"', [gate]));
      told[stream] += text;
    };
    const wait = 'until [ -e "$1/go" ]; do sleep 0.05; done';
    const body = `printf 'a\\360\\237'; printf '\\303' >&2; ${wait}; printf '\\232\\200b'; printf '\\251' >&2`;
    const result = await get().exec(shell(body, [gate]), { onOutput });
    await get().exec(shell('rm -r "$1"', [gate]));
    expect({ result, told }).toEqual({
      result: exited(0, "a🚀b", "é"),
      told: { stdout: "a🚀b", stderr: "é" },
    });
  });

  test("the tail is kept, the rest is counted", async () => {
    const body = "head -c 5000 /dev/zero | tr '\\0' x; printf end; head -c 1001 /dev/zero | tr '\\0' y >&2";
    const result = await get().exec(shell(body), { capture: 1000 });
    expect(result).toEqual({
      status: "exited",
      code: 0,
      stdout: `${"x".repeat(997)}end`,
      stderr: "y".repeat(1000),
      dropped: 4004,
    });
  });

  test("hostile arguments are literal", async () => {
    const args = [
      "$(id)",
      "`id`",
      "it's",
      '"',
      "two\nlines",
      "; exit 9",
      "--",
      "-n",
      "*",
      "~",
      "a\\nb",
      "",
      " ",
      "🚀é",
      "%s",
      "!!",
      "x".repeat(300),
      "$HOME",
      "\t",
      "a=b",
      "#",
      "&",
      "|",
      "<",
    ];
    const result = await get().exec(shell('printf \'<%s>\' "$#" "$@"', args));
    expect(result).toEqual(exited(0, [String(args.length), ...args].map((arg) => `<${arg}>`).join("")));
  });
}

/** What a command is sent. */
export function payloads(get: () => Transport): void {
  test("10 MB arrive byte for byte", async () => {
    const { chunks } = payloadOf(160, 62_501);
    const hash = createHash("sha256");
    for await (const chunk of payloadOf(160, 62_501).chunks) hash.update(chunk);
    const result = await get().exec(shell("sha256sum | cut -d' ' -f1", [], true), { input: chunks });
    expect(result).toEqual(exited(0, `${hash.digest("hex")}\n`));
  });

  test("an empty payload is an end of file", async () => {
    const { chunks } = payloadOf(0, 0);
    expect(await get().exec(shell("wc -c | tr -d ' '", [], true), { input: chunks })).toEqual(
      exited(0, "0\n"),
    );
  });

  test("a command that ends early is heard, and the payload let go", async () => {
    const { chunks, taken } = payloadOf(2000, 65_536);
    const result = await get().exec(shell("echo enough; exit 7", [], true), { input: chunks });
    while (!taken.closed) await new Promise((resolve) => setImmediate(resolve));
    expect({ result, whole: taken.bytes === 2000 * 65_536 }).toEqual({
      result: exited(7, "enough\n"),
      whole: false,
    });
  });

  test("a command that ends while the payload is awaited is heard, and the payload let go", async () => {
    let [asked, returned] = [0, 0];
    const chunks = {
      next: () => {
        asked++;
        return asked === 1
          ? Promise.resolve({ done: false as const, value: Buffer.from("some") })
          : new Promise<never>(() => {});
      },
      return: () => {
        returned++;
        return Promise.reject(new Error("closing failed, too"));
      },
    };
    const input = { [Symbol.asyncIterator]: () => chunks };
    const result = await get().exec(shell("echo enough; exit 7", [], true), { input });
    while (returned === 0) await new Promise((resolve) => setImmediate(resolve));
    expect({ result, returned }).toEqual({ result: exited(7, "enough\n"), returned: 1 });
  });

  test("a slow reader holds the payload back", async () => {
    const { chunks, taken } = payloadOf(1024, 65_536);
    const gate = (await get().exec(shell("mktemp -d"))).stdout.trim();
    const body =
      'head -c 1 >/dev/null; echo one; until [ -e "$1/go" ]; do sleep 0.1; done; cat | wc -c >/dev/null';
    let before = Number.NaN;
    const onOutput = async () => {
      await get().exec(shell("sleep 0.3"));
      before = taken.bytes;
      await get().exec(shell(': >"$1/go"', [gate]));
    };
    const result = await get().exec(shell(body, [gate], true), {
      input: chunks,
      onOutput: () => void onOutput(),
    });
    await get().exec(shell('rm -r "$1"', [gate]));
    expect({ result, held: before < 32 * 1_048_576, all: taken.bytes }).toEqual({
      result: exited(0, "one\n"),
      held: true,
      all: 1024 * 65_536,
    });
  });

  test("a payload that cannot be read is never taken for whole", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("some");
      throw new Error("the artifact is gone");
    }
    const result = await get().exec(shell("cat >/dev/null; sleep 1", [], true), { input: broken() });
    expect({ ...result, stderr: "" }).toEqual({
      status: "unknown",
      reason: "the payload could not be read: the artifact is gone",
      stdout: "",
      stderr: "",
      dropped: 0,
    });
  });
}
