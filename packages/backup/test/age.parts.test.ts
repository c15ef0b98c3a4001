import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "@deploy/core";
import { needs, pathOfPart } from "@deploy/testkit";
import { afterAll, expect, test } from "@jest/globals";
import { checkRecipients, decryptWith, encryptTo } from "../src/index.ts";
import { collect } from "./fakes/host.ts";
import { slices } from "./fakes/store.ts";

needs("age")("the age command", () => {
  const folder = mkdtempSync(join(tmpdir(), "backup-age-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const age = pathOfPart("age") ?? "";
  const run = (program: string, args: readonly string[], input: Buffer = Buffer.alloc(0)): Buffer => {
    const ran = spawnSync(program, args, { input, maxBuffer: 1e9 });
    if (ran.status !== 0) throw new Error(String(ran.stderr));
    return ran.stdout;
  };
  const keyFile = join(folder, "key");
  const keys = ["one", "two"].map((name) => {
    const text = run(`${age}-keygen`, []).toString();
    writeFileSync(join(folder, name), text);
    return { file: join(folder, name), text, recipient: /age1\w+/.exec(text)?.[0] ?? "" };
  });
  const recipients = keys.map(({ recipient }) => recipient);
  const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

  async function* from(bytes: Buffer): AsyncGenerator<Buffer> {
    yield* slices(bytes, 33_333);
  }

  test.each([0, 1, 65_535, 65_536, 65_537, 3_000_000])(
    "opens ours, and we open its: %i bytes",
    async (size) => {
      const bytes = randomBytes(size);
      await checkRecipients(recipients);
      const ours = await collect(encryptTo(recipients)(from(bytes)));
      const to = recipients.flatMap((recipient) => ["-r", recipient]);
      const its = run(age, to, bytes);
      for (const { file, text } of keys) {
        expect(sha256(run(age, ["-d", "-i", file], ours))).toBe(sha256(bytes));
        expect(sha256(await collect(decryptWith(new Secret(text), recipients)(from(its))))).toBe(
          sha256(bytes),
        );
      }
      writeFileSync(keyFile, ours.subarray(0, -1));
      expect(() => run(age, ["-d", "-i", keys[0]?.file ?? "", keyFile])).toThrow();
    },
  );
});
