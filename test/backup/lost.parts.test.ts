import { listBackups, makeBackup } from "@deploy/backup";
import type { Source } from "@deploy/remote";
import {
  codeOf,
  leftovers,
  needs,
  openStage,
  type Stage,
  type TcpProxy,
  tcpProxy,
  until,
} from "@deploy/testkit";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { startRunner } from "./child.ts";

const describe = needs("sshd", "ip", "versitygw", "age");

describe("a runner or a connection that is lost", () => {
  let stage: Stage;
  let proxy: TcpProxy;
  let endless: Source;
  beforeAll(async () => {
    stage = await openStage();
    proxy = await tcpProxy({ to: { host: stage.host.address, port: stage.host.port } });
    // Ends only when nobody takes it any more.
    const run = "while head -c 1000000 /dev/urandom; do :; done; exit 1";
    endless = { kind: "command", directory: stage.host.files, run, verify: "cat >/dev/null" };
  });
  afterEach(async () => {
    // Nobody listens any more, so the pipeline on the host ends, and takes its folder with it.
    await until("a tidy host", () => leftovers(stage.tmp).length === 0);
    for (const key of await stage.keys()) await stage.store.remove(key);
  });
  afterAll(async () => {
    await proxy?.close();
    await stage?.close();
  });

  test("kill -9 between object and manifest: no backup, an orphan is told, and the next one is fine", async () => {
    const source: Source = { ...endless, run: "head -c 300000 /dev/urandom" } as Source;
    const runner = await startRunner(stage, source, true);
    await runner.until(/about to put .*\.json/);
    await runner.kill();
    const [orphan = "", ...more] = await stage.keys();
    expect([orphan, more]).toEqual([expect.stringMatching(/Z-shop-[0-9a-f]{4}\.bin\.age$/), []]);
    expect(await listBackups(stage.store)).toEqual({ backups: [], orphans: [orphan], damaged: [] });
    const made = await makeBackup(stage.request(source));
    expect(await listBackups(stage.store)).toEqual({ backups: [made], orphans: [orphan], damaged: [] });
  });

  test("kill -9 in the middle of the dump: nothing is visible, the open upload is told, the host is tidy", async () => {
    const runner = await startRunner(stage, endless, false);
    await runner.until(/^dump ([2-9]\d{7}|\d{9,})$/m);
    await runner.kill();
    expect([await stage.keys(), (await stage.store.listUnfinished("")).length]).toEqual([[], 1]);
    await until("the end of the dump", async () => {
      const { stdout } = await stage.host.exec(["ps", "-eo", "args"]);
      return !stdout.includes("head -c 1000000");
    });
  });

  test.each<[string, () => void]>([
    ["cut", () => void proxy.reset()],
    ["silent, until the keepalive gives it up", () => proxy.stall()],
  ])(
    "the connection is %s in the middle of the dump: no object, and no upload stays open",
    async (_, fault) => {
      const open = (await stage.store.listUnfinished("")).length;
      const transport = await stage.connect(proxy, { keepalive: { interval: 500, count: 8 } });
      let done = 0;
      const onProgress = (told: { readonly done: number }) => {
        done = told.done;
      };
      const making = codeOf(makeBackup(stage.request(endless, { transport, onProgress })));
      await until("some of the dump", () => done > 20_000_000);
      fault();
      expect(await making).toBe("backup-cut");
      proxy.resume();
      proxy.reset();
      expect([await stage.keys(), (await stage.store.listUnfinished("")).length]).toEqual([[], open]);
    },
  );

  test("the connection is cut at any byte of the answer's end: never a backup", async () => {
    const quick: Source = { ...endless, run: "head -c 40000 /dev/urandom" } as Source;
    const backUp = async (cutAt?: number) => {
      // Without packets of ssh's own in between, which a slow run has more of.
      const transport = await stage.connect(proxy, { keepalive: { interval: 600_000, count: 3 } });
      const [bytes, cuts] = [proxy.bytes().toClient, proxy.cuts()];
      if (cutAt !== undefined) proxy.cutAfter(cutAt, "toClient");
      const code = await codeOf(makeBackup(stage.request(quick, { transport })));
      const ran = { code, bytes: proxy.bytes().toClient - bytes, cut: proxy.cuts() > cuts };
      await transport.close();
      proxy.resume();
      return ran;
    };
    let whole = (await backUp()).bytes;
    let uncut = 1;
    for (const back of [1000, 300, 200]) {
      let ran = await backUp(whole - back);
      // One that came in fewer packets was over before the cut.
      for (; !ran.cut; ran = await backUp(whole - back)) {
        expect(ran.code).toBe("nothing thrown");
        [whole, uncut] = [Math.min(whole, ran.bytes), uncut + 1];
      }
      expect([back, ran.code]).toEqual([back, "backup-cut"]);
    }
    const { backups, orphans } = await listBackups(stage.store);
    expect([backups.length, orphans]).toEqual([uncut, []]);
  });
});
