import { Secret } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { checkRecipients, decryptWith, encryptTo } from "../src/index.ts";
import { collect } from "./fakes/host.ts";
import { slices } from "./fakes/store.ts";

const identity = await generateIdentity();
const recipient = await identityToRecipient(identity);
const other = await generateIdentity();
const key = new Secret(identity);

async function* from(bytes: Buffer, size?: number): AsyncGenerator<Buffer> {
  yield* slices(bytes, size);
}

const seal = (bytes: Buffer, to = [recipient]): Promise<Buffer> => collect(encryptTo(to)(from(bytes)));
const open = (bytes: Buffer, size?: number): Promise<Buffer> =>
  collect(decryptWith(key, [recipient])(from(bytes, size)));
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "no failure",
    (error) => [error.problem?.code, error.problem?.message],
  );

describe("there and back", () => {
  test.each([0, 1, 65_535, 65_536, 65_537, 131_072, 300_001])("%i bytes", async (size) => {
    const bytes = Buffer.alloc(size, "x\0ü");
    const file = await seal(bytes);
    expect((await open(file)).equals(bytes)).toBe(true);
    expect((await open(file, 7)).equals(bytes)).toBe(true);
  });

  test("each recipient's key opens it, given as a file with comments too", async () => {
    const file = await seal(Buffer.from("hello"), [await identityToRecipient(other), recipient, recipient]);
    const text = `# created: today\n# public key: ${recipient}\n${identity}\n\n`;
    for (const each of [other, identity, text]) {
      const opened = await collect(decryptWith(new Secret(each), [recipient])(from(file)));
      expect(opened.toString()).toBe("hello");
    }
  });

  test("a source that fails is passed on, and the file has no end", async () => {
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.alloc(70_000);
      throw new Error("cut");
    };
    const chunks: Uint8Array[] = [];
    const reading = (async () => {
      for await (const chunk of encryptTo([recipient])(broken())) chunks.push(chunk);
    })();
    expect(await failure(reading)).toEqual([undefined, undefined]);
    expect((await failure(open(Buffer.concat(chunks)))) as unknown[]).toContain("backup-damaged");
  });
});

describe("what is not as it was stored is damaged, and a wrong key is a wrong key", () => {
  test("flipped, cut, longer, swapped pieces", async () => {
    const file = await seal(Buffer.alloc(200_000, "abc"));
    const head = file.length - 200_000 - 4 * 16;
    const piece = 65_552;
    const flip = (at: number): Buffer => {
      const bytes = Buffer.from(file);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes;
    };
    const swapped = Buffer.concat([
      file.subarray(0, head),
      file.subarray(head + piece, head + 2 * piece),
      file.subarray(head, head + piece),
      file.subarray(head + 2 * piece),
    ]);
    const cases: Readonly<Record<string, Buffer>> = {
      "no header": Buffer.from("PGDMP"),
      empty: Buffer.alloc(0),
      "half a header": file.subarray(0, 60),
      "header only": file.subarray(0, head - 16),
      "first letter": flip(0),
      "stanza's key": flip(40),
      "header's MAC": flip(head - 30),
      salt: flip(head - 1),
      "first byte": flip(head),
      "last byte": flip(file.length - 1),
      "cut by one": file.subarray(0, -1),
      "cut at a piece": file.subarray(0, head + 2 * piece),
      longer: Buffer.concat([file, Buffer.from("x")]),
      "one piece twice": Buffer.concat([file.subarray(0, head + piece), file.subarray(head)]),
      "swapped pieces": swapped,
    };
    for (const [name, bytes] of Object.entries(cases)) {
      expect([name, ((await failure(open(bytes))) as unknown[])[0]]).toEqual([name, "backup-damaged"]);
    }
  });

  test("nothing behind the damaged piece comes out", async () => {
    const file = await seal(Buffer.alloc(200_000, "abc"));
    const bytes = Buffer.from(file);
    const at = file.length - 200_000 - 4 * 16 + 65_552 + 5;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    let out = 0;
    const reading = (async () => {
      for await (const chunk of decryptWith(key, [recipient])(from(bytes))) out += chunk.length;
    })();
    expect(((await failure(reading)) as unknown[])[1]).toBe(
      "The encrypted bytes were altered or cut at or behind byte 65552 of the payload",
    );
    expect(out).toBe(65_536);
  });

  test("a key of somebody else", async () => {
    const file = await seal(Buffer.from("hello"));
    const opened = collect(decryptWith(new Secret(other), [recipient])(from(file)));
    expect(await failure(opened)).toEqual([
      "backup-key",
      `The key does not fit: this backup is encrypted to ${recipient}`,
    ]);
  });

  test("the right key and another backup's object", async () => {
    const file = await seal(Buffer.from("hello"), [await identityToRecipient(other)]);
    expect(((await failure(open(file))) as unknown[])[0]).toBe("backup-damaged");
  });
});

describe("what is no recipient and no identity", () => {
  const refusal = async (each: string): Promise<unknown> => failure(checkRecipients([recipient, each]));

  test("is named", async () => {
    expect(await refusal("")).toEqual([
      "backup-recipient",
      '"" is no age recipient: recipients begin with age1',
    ]);
    const wrong = `${recipient.slice(0, -1)}${recipient.endsWith("q") ? "p" : "q"}`;
    expect(await refusal(wrong)).toEqual([
      "backup-recipient",
      `"${wrong}" is no age recipient: its checksum does not match, so a character is wrong or missing`,
    ]);
    expect(await refusal("ssh-ed25519 AAAA")).toEqual([
      "backup-recipient",
      '"ssh-ed25519 AAAA" is no age recipient: SSH keys are not supported',
    ]);
    await expect(seal(Buffer.from("hello"), [wrong])).rejects.toThrow("is no age recipient");
  });

  test("a private key in the place of a public one is not shown", async () => {
    expect(await refusal(identity)).toEqual([
      "backup-recipient",
      "A recipient is a private key (AGE-SECRET-KEY-…)",
    ]);
  });

  test.each(["", "# only a comment", "AGE-SECRET-KEY-1QQQQ", `${identity}x`, "hunter2"])(
    "identity %#",
    async (text) => {
      const work = async (): Promise<Buffer> =>
        collect(decryptWith(new Secret(text), [recipient])(from(await seal(Buffer.from("x")))));
      const [code, message] = (await failure(work())) as [string, string];
      expect(code).toBe("backup-key");
      for (const word of [identity, "hunter2", "QQQQ"]) expect(message).not.toContain(word);
    },
  );
});
