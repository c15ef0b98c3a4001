import { PassThrough, Writable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { RemoteCommand } from "@deploy/remote";
import { shell } from "@deploy/testkit";
import { describe, expect, test } from "@jest/globals";
import { feed } from "../src/feed.ts";
import { localConnector } from "../src/local/connector.ts";
import type { Transport } from "../src/port.ts";
import { Pour } from "../src/pour.ts";
import { recordingTransport } from "../src/recording.ts";
import { Until } from "../src/until.ts";
import { hostAt } from "./servers.ts";

const forever = new Promise<never>(() => {});
const turn = () => new Promise((resolve) => setImmediate(resolve));
const exited = { status: "exited", code: 0 } as const;

describe("a payload", () => {
  test("is let go chunk by chunk, however long the command lasts", async () => {
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    const sent: WeakRef<Uint8Array>[] = [];
    let alive = Number.NaN;
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let index = 0; index < 200; index++) {
        const chunk = new Uint8Array(1000);
        sent.push(new WeakRef(chunk));
        yield chunk;
        await turn();
      }
      collect();
      alive = sent.filter((ref) => ref.deref() !== undefined).length;
    }
    await feed(
      new Writable({ write: (_chunk, _coding, done) => done() }),
      new Uint8Array(),
      chunks(),
      forever,
    );
    expect(alive).toBeLessThan(10);
  });

  test("that fails after the command ended fails nobody", async () => {
    let fail = (_error: Error): void => {};
    const next = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const payload = { [Symbol.asyncIterator]: () => ({ next: () => next }) };
    await feed(new PassThrough(), new Uint8Array(), payload, Promise.resolve());
    fail(new Error("too late"));
    await turn();
  });

  test("is let go where the command closed its stdin", async () => {
    let returned = false;
    async function* chunks(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.from("more");
      } finally {
        returned = true;
      }
    }
    let writes = 0;
    const stdin = new Writable({
      write: (_chunk, _coding, done) => done(++writes === 3 ? new Error("EPIPE") : null),
    });
    await feed(stdin, Buffer.from("head"), chunks(), forever);
    await turn();
    expect({ writes, returned }).toEqual({ writes: 3, returned: true });
  });
});

test("until: what comes first, and after the end nothing", async () => {
  let end = (): void => {};
  const until = new Until(
    new Promise<void>((resolve) => {
      end = resolve;
    }),
  );
  const first = await until.first(Promise.resolve(1));
  const failed = await until.first(Promise.reject(new Error("no"))).catch((error: Error) => error.message);
  const waiting = until.first(forever);
  end();
  const after = [await waiting, await until.first(Promise.resolve(2)), await until.first(Promise.reject(3))];
  expect({ first, failed, after }).toEqual({
    first: 1,
    failed: "no",
    after: [undefined, undefined, undefined],
  });
});

describe("pouring", () => {
  test("a stream that is resumed by others is still handed over chunk by chunk", async () => {
    const stream = new PassThrough();
    const seen: string[] = [];
    const pour = new Pour(stream, async (chunk) => {
      seen.push(`begin ${Buffer.from(chunk)}`);
      stream.resume();
      await turn();
      seen.push("end");
    });
    stream.write("a");
    await turn();
    stream.end("b");
    expect(await pour.whole(exited)).toEqual(exited);
    expect(seen).toEqual(["begin a", "end", "begin b", "end"]);
  });

  test.each([
    ["breaks", new Error("EIO"), "the output could not be read: EIO"],
    ["is closed early", undefined, "the output could not be read: it was closed before its end"],
  ])("a stream that %s is not whole", async (_, error, reason) => {
    const stream = new PassThrough();
    const pour = new Pour(stream, async () => {});
    stream.write("half");
    await turn();
    stream.destroy(error);
    expect(await Promise.race([pour.failed, pour.whole(exited)])).toEqual({ status: "unknown", reason });
  });

  test("an end that is unknown waits for no sink", async () => {
    const stream = new PassThrough();
    const pour = new Pour(stream, () => forever);
    stream.write("some");
    await turn();
    const lost = { status: "unknown", reason: "lost" } as const;
    expect(await pour.whole(lost)).toEqual(lost);
  });

  test("after a stop all is let go, and the sink not called", async () => {
    const stream = new PassThrough();
    let calls = 0;
    const pour = new Pour(stream, () => {
      calls++;
      return forever;
    });
    const ended = new Promise((resolve) => stream.once("end", resolve));
    stream.write("some");
    await turn();
    pour.stop();
    stream.write(Buffer.alloc(200_000));
    stream.end();
    await ended;
    expect(calls).toBe(1);
  });
});

describe("a dry run of a stream", () => {
  const never = (): never => {
    throw new Error("the host was touched");
  };
  const inner: Transport = { host: hostAt(22), exec: never, http: never, close: async () => {} };
  const command: RemoteCommand<unknown> = { ...shell("exit 1"), kind: "once", rehearsal: "é\n" };
  const rehearse = async (asked: RemoteCommand<unknown>, refuse = false) => {
    const taken: string[] = [];
    const sink = async (chunk: Uint8Array) => {
      if (refuse) throw new Error("full");
      taken.push(Buffer.from(chunk).toString());
    };
    return { result: await recordingTransport(inner, () => {}).exec(asked, { sink }), taken };
  };
  const answer = { ...exited, stdout: "", stderr: "", dropped: 0 };

  test("answers on stderr and hands over nothing", async () => {
    const stream = { ...command, streams: true as const };
    expect(await rehearse(stream)).toEqual({ result: { ...answer, stderr: "é\n" }, taken: [] });
  });

  test("of any other command hands over what it rehearses", async () => {
    expect(await rehearse(command)).toEqual({ result: answer, taken: ["é\n"] });
    expect(await rehearse({ ...command, rehearsal: "" })).toEqual({ result: answer, taken: [] });
  });

  test("is unknown where the sink refuses", async () => {
    const { status: _, code: __, ...rest } = answer;
    expect((await rehearse(command, true)).result).toEqual({
      status: "unknown",
      reason: "the output could not be taken: full",
      ...rest,
    });
  });
});

test("a stream that something left running holds open ends with the command, and is not taken for whole", async () => {
  const sleep = () => new Promise<void>((resolve) => setTimeout(resolve, 200));
  const transport = await localConnector({ clock: { now: Date.now, sleep } })(hostAt(22));
  const chunks: string[] = [];
  const sink = async (chunk: Uint8Array) => void chunks.push(Buffer.from(chunk).toString());
  const result = await transport.exec(shell("sleep 600 & echo $!"), { sink });
  process.kill(Number(chunks.join("")));
  await transport.close();
  expect(result).toMatchObject({
    status: "unknown",
    reason: "the command has ended, but something it started still holds its output",
  });
});
