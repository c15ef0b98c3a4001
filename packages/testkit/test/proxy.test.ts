import { createServer, connect as dial, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { admit, noFaults, slices } from "../src/proxy/faults.ts";
import { type TcpProxy, tcpProxy } from "../src/proxy/proxy.ts";

const echo = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on("error", () => {});
  socket.pipe(socket);
});
let proxy: TcpProxy;

beforeAll(() => new Promise<void>((done) => echo.listen(0, "127.0.0.1", done)));
afterAll(() => new Promise<void>((done) => void echo.close(() => done())));
beforeEach(async () => {
  proxy = await tcpProxy({ to: { host: "127.0.0.1", port: (echo.address() as { port: number }).port } });
});
afterEach(() => proxy.close());

interface Line {
  readonly socket: Socket;
  readonly ended: Promise<string>;
  received(): string;
  chunks(): number;
  until(length: number): Promise<void>;
}

function open(): Line {
  const socket = dial(proxy.port, proxy.address);
  let [text, chunks] = ["", 0];
  socket.on("data", (data) => {
    text += data.toString();
    chunks += 1;
  });
  const ended = new Promise<string>((done) => {
    socket.on("error", (error) => done((error as NodeJS.ErrnoException).code ?? ""));
    socket.on("end", () => done("end"));
  });
  const until = async (length: number) => {
    while (text.length < length) await new Promise((tick) => setTimeout(tick, 5));
  };
  return { socket, ended, received: () => text, chunks: () => chunks, until };
}

describe("tcpProxy", () => {
  test("carries bytes and ends, and counts", async () => {
    const line = open();
    line.socket.end("x".repeat(3_000_000));
    expect(await line.ended).toBe("end");
    expect(line.received().length).toBe(3_000_000);
    expect([proxy.bytes(), proxy.connections()]).toEqual([{ toServer: 3_000_000, toClient: 3_000_000 }, 1]);
  });

  test("keeps the order under latency and slices", async () => {
    proxy.latency(20);
    proxy.slice(3);
    const line = open();
    line.socket.end("0123456789");
    await line.ended;
    expect(line.received()).toBe("0123456789");
  });

  test("stalls, and serves new connections after resume", async () => {
    const line = open();
    line.socket.write("a");
    await line.until(1);
    proxy.stall();
    line.socket.write("lost");
    while (proxy.bytes().toServer < 5) await new Promise((tick) => setTimeout(tick, 5));
    proxy.resume();
    line.socket.end("b");
    expect(await line.ended).toBe("end");
    expect(line.received()).toBe("ab");
  });

  test("resets all connections", async () => {
    const [one, two] = [open(), open()];
    for (const line of [one, two]) line.socket.write("a");
    await Promise.all([one.until(1), two.until(1)]);
    expect(proxy.reset()).toBe(2);
    expect(await Promise.all([one.ended, two.ended])).toEqual(["ECONNRESET", "ECONNRESET"]);
  });

  test("cuts once behind exactly so many bytes", async () => {
    proxy.cutAfter(4, "toClient");
    const line = open();
    line.socket.write("0123456789");
    await line.ended;
    expect([line.received(), proxy.cuts()]).toEqual(["0123", 1]);
    const again = open();
    again.socket.end("0123456789");
    expect([await again.ended, again.received(), proxy.cuts()]).toEqual(["end", "0123456789", 1]);
  });

  test("cuts when told so by the counts", async () => {
    proxy.cutWhen(({ toServer }) => toServer >= 3);
    const line = open();
    line.socket.write("ab");
    await line.until(2);
    line.socket.write("c");
    await line.ended;
    expect([proxy.cuts(), proxy.bytes().toServer]).toEqual([1, 3]);
  });

  test("holds at a byte, tells so, and lets everything go on", async () => {
    const held = proxy.holdAfter(4, "toServer");
    const line = open();
    line.socket.end("0123456789");
    await held;
    await line.until(4);
    expect([line.received(), proxy.bytes()]).toEqual(["0123", { toServer: 10, toClient: 4 }]);
    proxy.resume();
    expect([await line.ended, line.received()]).toEqual(["end", "0123456789"]);
  });

  test("holds from when something is so", async () => {
    const line = open();
    line.socket.write("a");
    await line.until(1);
    let shut = false;
    const held = proxy.holdWhen(() => shut, "toClient");
    line.socket.write("b");
    await line.until(2);
    shut = true;
    line.socket.write("c");
    await held;
    expect(line.received()).toBe("ab");
    proxy.reset();
    proxy.resume();
    expect([await line.ended, line.received()]).toEqual(["ECONNRESET", "ab"]);
  });

  test("closes while it holds", async () => {
    const held = proxy.holdAfter(0, "toServer");
    const line = open();
    line.socket.write("a");
    await held;
    await proxy.close();
    expect([await line.ended, line.received()]).toEqual(["ECONNRESET", ""]);
  });

  test("resets a client whose server is not there", async () => {
    const lost = await tcpProxy({ to: { host: "127.0.0.1", port: 1 } });
    const socket = dial(lost.port, lost.address);
    const code = await new Promise((done) =>
      socket.on("error", (error) => done("code" in error && error.code)),
    );
    expect(code).toBe("ECONNRESET");
    await lost.close();
  });
});

test("admit lets the allowance through, one direction only", () => {
  const faults = { ...noFaults(), left: { direction: "toServer" as const, bytes: 3 } };
  const bytes = { toServer: 0, toClient: 0 };
  const chunk = Buffer.from("abcd");
  expect(admit(faults, "toClient", chunk, bytes)).toEqual({ pass: chunk, cut: false });
  expect(admit(faults, "toServer", Buffer.from("ab"), bytes)).toEqual({
    pass: Buffer.from("ab"),
    cut: false,
  });
  expect(admit(faults, "toServer", chunk, bytes)).toEqual({ pass: Buffer.from("a"), cut: true });
});

test("slices leave no byte out", () => {
  expect(slices(Buffer.from("abcde"), 2).map(String)).toEqual(["ab", "cd", "e"]);
  expect(slices(Buffer.from("abcde"), 0).map(String)).toEqual(["abcde"]);
});
