import { Readable } from "node:stream";
import { makeBackup, restoreBackup } from "@deploy/backup";
import type { Store } from "@deploy/store";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type TcpProxy, tcpProxy } from "../proxy/proxy.ts";
import { codeOf } from "../store/subject.ts";
import { calledBy, everything, type Ground } from "./ground.ts";

export function cuts(ground: Ground): void {
  let proxy: TcpProxy;
  beforeAll(async () => {
    const { address: host, port } = ground.stage.host;
    proxy = await tcpProxy({ to: { host, port } });
  });
  afterAll(() => proxy?.close());

  test("a connection that is cut in the middle of the dump leaves nothing, and the next one is fine", async () => {
    const before = await everything(ground);
    const { stage, subject } = ground;
    const backUp = async (cutAt?: number) => {
      const transport = await stage.connect(proxy);
      const from = proxy.bytes().toClient;
      if (cutAt !== undefined) proxy.cutAfter(cutAt, "toClient");
      const request = stage.request(subject.source, { transport, compression: "none" });
      const code = await codeOf(makeBackup(request));
      await transport.close();
      return { code, bytes: proxy.bytes().toClient - from };
    };
    const cut = await backUp(10_000);
    expect([cut.code, await everything(ground)]).toEqual(["backup-cut", before]);
    const whole = await backUp();
    expect([whole.code, whole.bytes > 20_000]).toEqual(["nothing thrown", true]);
  });

  test("a backup that is cancelled in the middle leaves nothing", async () => {
    const before = await everything(ground);
    const { stage, subject } = ground;
    const stopping = new AbortController();
    const putStream: Store["putStream"] = (key, body, options) =>
      stage.store.putStream(
        key,
        withFirst(body, () => stopping.abort()),
        options,
      );
    const request = stage.request(subject.source, {
      // Without a header of age: the first chunk is the dump's.
      ...{ recipients: [], signal: stopping.signal },
      store: Object.assign(Object.create(stage.store) as Store, { putStream }),
    });
    expect(await codeOf(makeBackup(request))).toBe("backup-cancelled");
    expect(await everything(ground)).toEqual(before);
  });

  test("a restore that is cut or cancelled leaves no database, and the next one is fine", async () => {
    const { made, stage, subject } = ground;
    if (calledBy(subject) === undefined) return; // what its own command began is not ours to take back
    const before = await everything(ground);
    const { transport, identity } = stage;
    const [source, into] = [subject.source, { kind: "new", name: subject.beside } as const];
    const over = await stage.connect(proxy);
    const cut = { backup: made, source, transport: over, store: reading(stage.store, proxy.reset), into };
    expect(await codeOf(restoreBackup({ ...cut, identity }))).toBe("restore-failed");
    expect(await everything(ground)).toEqual(before);
    const stopping = new AbortController();
    const store = reading(stage.store, () => stopping.abort());
    const { signal } = stopping;
    expect(await codeOf(restoreBackup({ ...cut, transport, store, identity, signal }))).toBe(
      "backup-cancelled",
    );
    expect(await everything(ground)).toEqual(before);
    await stage.restore(made, source, into);
    expect(await subject.look(subject.beside)).toBe(ground.before);
    await subject.drop(subject.beside);
  });
}

/** The same store, where something happens with the first bytes of an object. */
function reading(store: Store, act: () => void): Store {
  const read: Store["read"] = async (...asked) =>
    Readable.from(withFirst((await store.read(...asked)) as AsyncIterable<Uint8Array>, act));
  return Object.assign(Object.create(store) as Store, { read });
}

async function* withFirst<T>(body: AsyncIterable<T>, act: () => void): AsyncGenerator<T> {
  let first = true;
  for await (const chunk of body) {
    if (first) act();
    first = false;
    yield chunk;
  }
}
