import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:net";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "@deploy/core";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { localConnector, type Transport } from "../../src/index.ts";
import { listen } from "../../src/playbook/wire.ts";

let folder: string;
let server: Server;
let transport: Transport;
const here = { name: "here", address: "here", port: 22, username: "", roles: [] };
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "wire-"));
  transport = await localConnector()(here);
  const transportOf = (name: string) => (name === "here" ? transport : undefined);
  const vault = new Secret("between us");
  server = await listen(join(folder, "socket"), {
    transportOf,
    rehearses: false,
    vault,
    signal: new AbortController().signal,
  });
});
afterEach(async () => {
  server.close();
  await transport.close();
  rmSync(folder, { recursive: true });
});

function ask(head: string, input: string | Uint8Array = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const wire = connect(join(folder, "socket"));
    wire.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
    wire.on("end", () => resolve(Buffer.concat(chunks).toString("latin1")));
    wire.write(head);
    wire.end(input);
  });
}
const asks = (run: string, host = "here") => `${JSON.stringify({ host, run })}\n`;

test("a command's output, error output and exit code come apart, byte for byte", async () => {
  const said = await ask(asks("cat; printf no >&2; exit 3"), Buffer.from([0, 255, 10, 13]));
  expect(said).toBe("o 4\n\0\xff\n\re 2\nnox 3\n");
});

test("a command is text whatever it holds, and a big payload arrives whole", async () => {
  expect(await ask(asks(`printf %s 'a"b!\\c\n=:d'`))).toBe('o 10\na"b!\\c\n=:dx 0\n');
  const big = Buffer.alloc(3_000_000, 7);
  expect(await ask(asks("wc -c"), big)).toBe("o 8\n3000000\nx 0\n");
});

test("one that reads nothing ends all the same", async () => {
  expect(await ask(asks("exit 0"), Buffer.alloc(1_000_000))).toBe("x 0\n");
});

test.each([
  ["another host", asks("id", "elsewhere"), "elsewhere is not connected"],
  ["no host", '{"run":"id"}\n', "undefined is not connected"],
  ["no command", '{"host":"here"}\n', "here is not connected"],
  ["no JSON", "hello\n", "undefined is not connected"],
  ["nothing", "", "undefined is not connected"],
  ["a name of JavaScript's", '{"host":"__proto__","run":"id"}\n', "__proto__ is not connected"],
])("%s is refused in words", async (_, head, words) => {
  expect(await ask(head)).toBe(`f ${words.length}\n${words}`);
});

test("the vault's password is told bare", async () => {
  expect(await ask('{"secret":"vault"}\n')).toBe("between us");
});

test("a connection that is lost is told", async () => {
  await transport.close();
  expect(await ask(asks("id"))).toMatch(/^f \d+\n/);
});
