import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeBackup } from "@deploy/backup";
import type { DatabaseKind } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { codeOf, readBytes } from "../store/subject.ts";
import { calledBy, everything, type Ground, problemOf } from "./ground.ts";

export function roundTrips(ground: Ground, kind: DatabaseKind): void {
  test("a backup is proved, encrypted, and tells what it is of", async () => {
    const { made, stage, subject } = ground;
    expect([made.proofs, made.recipients]).toEqual([["parsed", "read-back"], [stage.recipient]]);
    const some = expect.stringMatching(/\S/);
    const name = calledBy(subject) ?? some;
    expect(made.database).toMatchObject({ kind, name, server: some, tool: some });
    const stored = await readBytes(stage.store, made.stored.key);
    expect(stored.subarray(0, 18).toString()).toBe("age-encryption.org");
  });

  test("all that was there comes back: by the tools of others, by ours, and beside", async () => {
    const { made, stage, subject, before } = ground;
    const { source, name, beside, look, drop } = subject;
    const dump = await openedByHand(ground);
    await drop(name);
    await subject.byHand(dump);
    expect(await look(name)).toBe(before);
    await drop(name);
    await stage.restore(made, source, { kind: "new", name });
    expect(await look(name)).toBe(before);
    await stage.restore(made, source, { kind: "new", name: beside });
    expect(await look(beside)).toBe(before);
    if (calledBy(subject) !== undefined) {
      const over = stage.restore(made, source, { kind: "new", name: beside });
      expect(await codeOf(over)).toBe("restore-exists");
    }
    await drop(beside);
  });

  test("a scratch copy proves it, and goes", async () => {
    const { stage, subject } = ground;
    const proving = makeBackup(
      stage.request(subject.source, { verify: "restore", identity: stage.identity }),
    );
    if (calledBy(subject) === undefined) {
      expect(await problemOf(proving)).toMatchObject({ code: "restore-refused", hint: expect.any(String) });
      return;
    }
    const there = await subject.names();
    expect((await proving).proofs).toEqual(["parsed", "read-back", "decrypted", "restored"]);
    expect(await everything(ground)).toEqual([await stage.keys(), [], there]);
  });
}

/** By the commands that a person has: not a line of ours is in the way. */
async function openedByHand({ stage, made: { stored } }: Ground): Promise<string> {
  const object = join(stage.folder, stored.key);
  writeFileSync(object, await readBytes(stage.store, stored.key));
  const plain = object.replace(/\.zst\.age$/, "");
  const line = 'age -d -i "$1" "$2" | zstd -q -d -f -o "$3"';
  execFileSync("sh", ["-c", line, "sh", stage.keyFile, object, plain]);
  return plain;
}
