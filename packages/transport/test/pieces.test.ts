import type { RemoteCommand } from "@deploy/remote";
import { shell, tcpProxy } from "@deploy/testkit";
import { afterAll, describe, expect, test } from "@jest/globals";
import { parseCurl } from "../src/http/curl.ts";
import type { Transport } from "../src/port.ts";
import { recordingTransport } from "../src/recording.ts";
import { backoff } from "../src/ssh/backoff.ts";
import { Tail } from "../src/tail.ts";
import { Closing, hostAt, problemWith, sshHost } from "./servers.ts";

const closing = new Closing();
afterAll(() => closing.close());

describe("the recording transport", () => {
  const never = (): never => {
    throw new Error("the host was touched");
  };
  const inner: Transport = { host: hostAt(22), exec: never, http: never, close: async () => {} };
  const command: RemoteCommand<unknown> = {
    ...shell("exit 1", ["releases/1", "two words", "a'b\n\u202e\u009b", ""]),
    name: "flip",
    rehearsal: "switched\n",
  };
  test.each(["once", "idempotent"] as const)("records what is %s and rehearses its answer", async (kind) => {
    const lines: string[] = [];
    const transport = recordingTransport(inner, (line) => lines.push(line));
    const result = await transport.exec({ ...command, kind });
    const rehearsal = { status: 200, headers: {}, body: "" };
    await transport.http({ url: "http://127.0.0.1/?a=b", address: "127.0.0.1", timeout: 1, rehearsal });
    expect({ result, lines }).toEqual({
      result: { status: "exited", code: 0, stdout: "switched\n", stderr: "", dropped: 0 },
      lines: ['flip releases/1 "two words" "a\'b\\n\\u202e\\u009b" ""', 'http get "http://127.0.0.1/?a=b"'],
    });
  });
});

describe("what curl printed", () => {
  const probe = {
    url: "http://127.0.0.1/up",
    address: "127.0.0.1",
    timeout: 2_000,
    rehearsal: { status: 0, headers: {}, body: "" },
  };
  const read = async (stdout: string, stderr: string) =>
    parseCurl({ status: "exited", code: 0, stdout, stderr, dropped: 0 }, probe, "web1");

  test("is an answer, early hints skipped, headers joined", async () => {
    const text =
      "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: 2\r\n\r\nbody\r\n\r\n";
    expect(await read(text, "curl=0\n")).toEqual({
      status: 200,
      headers: { "x-a": "1, 2" },
      body: "body\r\n\r\n",
    });
  });

  test.each([
    ["curl=127\n", "forwarding-refused"],
    ["curl: (7) refused\ncurl=7\n", "http-refused"],
    ["curl=28\n", "http-timeout"],
    ["curl: (52) Empty reply\ncurl=52\n", "http-failed"],
    ["", "http-failed"],
  ])("%j is %s", async (stderr, code) => {
    expect((await problemWith(read("", stderr))).code).toBe(code);
  });
});

test("a tail keeps whole characters and counts the rest", () => {
  const tail = new Tail(4);
  for (let index = 0; index < 200; index++) tail.push(Buffer.alloc(1000, "x"));
  tail.push(Buffer.from("éab"));
  tail.push(Buffer.from("c"));
  expect([tail.text(), tail.dropped]).toEqual(["abc", 200_001]);
});

test("waits grow, are spread, and end at 7.5 s", () => {
  expect([0, 1, 2, 9].map((n) => [backoff(n, () => 0), backoff(n, () => 1)])).toEqual([
    [75, 225],
    [150, 450],
    [300, 900],
    [2500, 7500],
  ]);
});

test("closing a stalled connection ends, and its commands are unknown", async () => {
  const { server, connector } = await sshHost(closing);
  const proxy = await tcpProxy({ to: { host: "127.0.0.1", port: server.port } });
  closing.add(() => proxy.close());
  const knownHosts = server.knownHostsLine.replace(`:${server.port}`, `:${proxy.port}`);
  const transport = await connector({ knownHosts })({ ...server.host, port: proxy.port });
  const onOutput = () => {
    proxy.stall();
    void transport.close();
  };
  const result = await transport.exec(shell("echo begun; sleep 60"), { onOutput });
  await transport.close();
  expect(result).toMatchObject({ status: "unknown", reason: "the transport was closed" });
});
