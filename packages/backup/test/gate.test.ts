import { DeployError, Secret } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { dumped, hex, type Play } from "./fakes/host.ts";
import { failed, keysIn, password, plain, played } from "./fakes/request.ts";
import { type MemoryStore, memoryStore } from "./fakes/store.ts";

const identity = new Secret(await generateIdentity());
const recipient = await identityToRecipient(identity.reveal());

describe("the gate: no object where the dump is not known to be whole", () => {
  const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length / 2);
  const refused = `\n--deploy-begin--\nerror backup-failed ${hex("pg_dump ended 1: out of memory")}\n--deploy-end-- 65\n`;

  test.each([
    [
      "exit 1 half way",
      dumped(plain, (sent) => [half(sent), { status: "exited", code: 65, stderr: refused }]),
      "backup-failed",
      "pg_dump ended 1: out of memory",
    ],
    [
      "exit 0 without an answer",
      dumped(plain, (sent) => [sent, { status: "exited", code: 0, stderr: "" }]),
      "answer-unreadable",
      "",
    ],
    [
      "an answer and exit 1",
      dumped(plain, (sent, end) => [sent, { ...end, code: 1 } as typeof end]),
      "answer-unreadable",
      "",
    ],
    [
      "SIGKILL",
      dumped(plain, (sent) => [
        half(sent),
        { status: "signalled", signal: "SIGKILL", stderr: "pg_dump: half" },
      ]),
      "backup-failed",
      "dump postgres was ended by SIGKILL: pg_dump: half",
    ],
    [
      "connection cut",
      dumped(plain, (sent) => [half(sent), { status: "unknown", reason: "connection lost" }]),
      "backup-cut",
      "dump postgres: nobody saw its end (connection lost)",
    ],
    [
      "cut behind the last byte",
      dumped(plain, (sent, end) => [sent, { ...end, status: "unknown", reason: "connection lost" }]),
      "backup-cut",
      "",
    ],
    ["lost bytes and exit 0", dumped(plain, (sent, end) => [half(sent), end]), "backup-damaged", ""],
    [
      "other bytes and exit 0",
      dumped(plain, (sent, end) => {
        sent[5000] = (sent[5000] ?? 0) ^ 1;
        return [sent, end];
      }),
      "backup-damaged",
      "",
    ],
    ["0 bytes and exit 0", dumped(Buffer.alloc(0)), "backup-empty", "The dump has 0 B, less than 100 B"],
    [
      "next to nothing",
      dumped(Buffer.from("-- nothing")),
      "backup-empty",
      "The dump has 10 B, less than 100 B",
    ],
    [
      "a login shell that prints a book",
      async ({ options }) => {
        await options.sink?.(Buffer.alloc(100_000, "x")).catch(() => {});
        return { status: "unknown", reason: "the sink refused" };
      },
      "answer-unreadable",
      "The dump cannot be told from other output: it prints something else, and a lot of it",
    ],
    [
      "no sh at all",
      async () => ({ status: "exited", code: 127, stderr: "sh: not found" }),
      "answer-unreadable",
      "",
    ],
  ] satisfies [string, Play, string, string][])("%s", async (_, dump, code, message) => {
    for (const recipients of [[], [recipient]]) {
      const request = played({ dump }, { recipients });
      const [found, text] = await failed(request);
      expect(found).toBe(code);
      expect(text).toContain(message);
      expect(text).not.toContain(password);
      expect(keysIn(request.store)).toEqual([]);
    }
  });

  test("a minimum of 0 still is no empty backup", async () => {
    const request = played({ dump: dumped(Buffer.alloc(0)) }, { minimum: 0 });
    expect((await failed(request))[0]).toBe("backup-empty");
  });

  test("an abort", async () => {
    const abort = new AbortController();
    const dump = dumped(plain, (sent, end) => {
      abort.abort();
      return [sent, end];
    });
    const request = played({ dump }, { signal: abort.signal });
    expect(await failed(request)).toEqual(["backup-cancelled", "The backup was cancelled"]);
    expect(keysIn(request.store)).toEqual([]);
  });

  test("the host is told to stop where the store gives up", async () => {
    let stopped = false;
    const dump: Play = async ({ options }) => {
      await options.sink?.(Buffer.from("\n--deploy-begin--\n"));
      await options.sink?.(Buffer.alloc(10));
      await new Promise<void>((resolve) => options.signal?.addEventListener("abort", () => resolve()));
      stopped = true;
      return { status: "unknown", reason: "stopped waiting" };
    };
    const store: MemoryStore = {
      ...memoryStore(),
      putStream: async (_, body) => {
        await body[Symbol.asyncIterator]().next();
        throw new DeployError("store-denied", "no s3:PutObject");
      },
    };
    const request = played({ dump }, { store });
    expect(await failed(request)).toEqual(["store-denied", "no s3:PutObject"]);
    expect(stopped).toBe(true);
  });
});
