import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { makeHost, type Shell, type TestHost, treeOf } from "../host.ts";
import { deployed, receiveOf, releaseA, releaseB, tree } from "../scenario.ts";
import { type Deed, type ShelfServer, shelfServer, signature } from "../shelfServer.ts";
import { file, streamOf } from "../stream.ts";

/**
 * What receive does with an address instead of a stream; `curl` or GNU `wget` is what the host has. `brief`: only what
 * the shell has a say in, where another shell had the rest.
 */
export function fetchSuite(shell: Shell, fetcher: "curl" | "wget", brief = false): void {
  describe(`receive fetches by ${fetcher} on ${shell.name}`, () => {
    let server: ShelfServer;
    let host: TestHost;
    beforeAll(async () => {
      server = await shelfServer();
    });
    afterAll(() => server.close());
    beforeEach(() => {
      host = makeHost(shell);
    });
    afterEach(() => host.remove());
    const line = (text: string) => Buffer.from(`${text}\n`);
    const release = () => join(host.base, "releases", releaseA);
    const left = () => [existsSync(release()), readdirSync(join(host.base, ".deploy/staging"))];
    const byUrl = { source: "url", limit: 10_000_000 } as const;

    test("makes the release a stream would make, and the address stands nowhere", async () => {
      const { command, payload } = receiveOf(host, releaseA, undefined, byUrl);
      server.use(payload, "send", host.home);
      expect(await host.ask(command, line(server.url()))).toEqual({ status: "received", state: "ready" });
      const other = makeHost(shell);
      const sent = receiveOf(other, releaseA);
      await other.ask(sent.command, sent.payload);
      expect(treeOf(release())).toEqual(treeOf(join(other.base, "releases", releaseA)));
      other.remove();
      expect([server.seen.length, server.leaks, left()[1]]).toEqual([1, [], []]);
      expect(JSON.stringify(treeOf(host.home))).not.toContain(signature);
      expect(await host.ask(command, line(server.url()))).toEqual({ status: "already", state: "ready" });
      expect(server.seen.length).toBe(1);
    });

    const faults: readonly (readonly [string, Deed, RegExp])[] = [
      ["is refused (403)", { status: 403 }, /403/],
      ["is in another region (301 without a place)", { status: 301 }, /301/],
      ["ends too early", "cut", /clos/],
      ["is not there (404)", { status: 404 }, /404/],
      ["cannot be had now (503)", { status: 503 }, /503/],
      ["is elsewhere (307)", { status: 307, location: "/shop/other" }, /redirect/],
      ["ends too early, of unknown length", "cut-chunks", /clos|Read error/],
    ];
    test.each(brief ? faults.slice(0, 3) : faults)(
      "a parcel that %s is asked for once, said why, and leaves nothing",
      async (_, deed, why) => {
        const { command, payload } = receiveOf(host, releaseA, undefined, byUrl);
        server.use(payload, deed, host.home);
        const [code, message] = await host.refused(command, line(server.url()));
        expect([code, message]).toEqual(["fetch-failed", expect.stringMatching(why)]);
        expect(message).toContain(`could not be fetched (${fetcher} ended `);
        expect([message.includes(signature), server.seen.length, server.leaks]).toEqual([false, 1, []]);
        expect(left()).toEqual([false, []]);
      },
    );

    if (brief) return;

    test("makes it from what changed", async () => {
      await deployed(host);
      const next = { ...tree, "public/index.html": file("<p>two</p>\n") };
      const stream = streamOf(next, ["a b.txt", "bin/start", "lib/über.js"]);
      const { command, payload } = receiveOf(host, releaseB, stream, { from: releaseA, ...byUrl });
      server.use(payload);
      expect(await host.ask(command, line(server.url()))).toEqual({ status: "received", state: "ready" });
      expect(treeOf(join(host.base, "releases", releaseB))).toEqual({
        ...treeOf(release()),
        "public/index.html": "644 <p>two</p>\n",
        RELEASE: `644 ${releaseB}\n`,
      });
    });

    test("a parcel that unpacks to more than was announced is left off there", async () => {
      const large = streamOf({ ...tree, "zeros.bin": file("0".repeat(20_000_000)) });
      const { command, payload } = receiveOf(host, releaseA, large, byUrl);
      server.use(payload, "send", host.home);
      const [code] = await host.refused(command, line(server.url()));
      expect([["stream-damaged", "fetch-failed"].includes(code), left()]).toEqual([true, [false, []]]);
    });

    test("what the user's own files tell curl and wget changes nothing", async () => {
      const evil = join(host.home, "evil");
      writeFileSync(join(host.home, ".curlrc"), `output = "${evil}"\nuser = "me:secret"\n`);
      writeFileSync(join(host.home, ".wgetrc"), `output_document = ${evil}\nhttp_user = me\n`);
      writeFileSync(join(host.home, ".netrc"), "default login me password secret\n");
      const before = readdirSync(host.home);
      const { command, payload } = receiveOf(host, releaseA, undefined, byUrl);
      server.use(payload);
      expect(await host.ask(command, line(server.url()))).toEqual({ status: "received", state: "ready" });
      expect([server.seen[0]?.headers.authorization, readdirSync(host.home)]).toEqual([
        undefined,
        [...before, "shop"].sort(),
      ]);
    });

    test("the host's proxy is asked where there is one", async () => {
      const { command, payload } = receiveOf(host, releaseA, undefined, byUrl);
      server.use(payload);
      host.env.http_proxy = `http://127.0.0.1:${server.port}`;
      const url = `http://store.invalid/shop/parcel.tar?X-Amz-Signature=${signature}`;
      expect(await host.ask(command, line(url))).toEqual({ status: "received", state: "ready" });
      expect(server.seen.map((one) => one.url)).toEqual([url]);
    });

    test("a server that is not there is told", async () => {
      const { command } = receiveOf(host, releaseA, undefined, byUrl);
      const [code, message] = await host.refused(command, line(`http://127.0.0.1:1/x?s=${signature}`));
      expect([code, message.includes("refused") || message.includes("connect")]).toEqual([
        "fetch-failed",
        true,
      ]);
      expect([message.includes(signature), left()]).toEqual([false, [false, []]]);
    });

    test("other bytes than were packed are refused as such", async () => {
      const { command } = receiveOf(host, releaseA, undefined, byUrl);
      const other = streamOf({ ...tree, "a b.txt": file("Words\n") });
      for (const [parcel, wanted] of [
        [Buffer.from("not a parcel"), "stream-damaged"],
        [Buffer.alloc(0), "stream-damaged"],
        [Buffer.alloc(4 << 20, "x"), "stream-damaged"],
        [other.payload, "stream-refused"],
      ] as const) {
        server.use(parcel);
        expect(await host.refused(command, line(server.url()))).toEqual([wanted, expect.any(String)]);
        expect(left()).toEqual([false, []]);
      }
    });

    test("what is no address is not asked for", async () => {
      const { command, payload } = receiveOf(host, releaseA, undefined, byUrl);
      server.use(payload);
      writeFileSync(join(host.home, "parcel"), payload);
      const lines = [
        "",
        `file://${host.home}/parcel`,
        "-o/tmp/evil-fetch-test",
        `${server.url()} x`,
        `${server.url()}"`,
        `${server.url()}\\`,
        `${server.url()}ü`,
      ];
      for (const text of lines) {
        const refusal = await host.refused(command, text === "" ? Buffer.alloc(0) : line(text));
        expect(refusal).toEqual([
          "fetch-failed",
          `the upload of ${releaseA} could not be fetched (${fetcher} ended 64): what came is no address`,
        ]);
      }
      expect([server.seen, existsSync("/tmp/evil-fetch-test"), left()]).toEqual([[], false, [false, []]]);
    });
  });
}

/** A host that could only fetch where others look on. */
export function fetchlessSuite(shell: Shell): void {
  test(`receive refuses to fetch on ${shell.name}, before anything is written`, async () => {
    const host = makeHost(shell);
    const { command } = receiveOf(host, releaseA, undefined, { source: "url", limit: 10_000_000 });
    const refusal = await host.refused(command, Buffer.from("http://127.0.0.1:1/x\n"));
    const staged = readdirSync(join(host.base, ".deploy/staging"));
    host.remove();
    expect([refusal, staged]).toEqual([
      ["fetch-unavailable", "neither curl nor GNU wget is installed on this host"],
      [],
    ]);
  });
}
