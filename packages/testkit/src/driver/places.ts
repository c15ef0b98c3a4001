import { listBackups, listLeftovers, makeBackup, removeLeftover } from "@deploy/backup";
import { expect, test } from "@jest/globals";
import { codeOf, readBytes } from "../store/subject.ts";
import { calledBy, type Ground } from "./ground.ts";

export function places(ground: Ground): void {
  test("in its place: what was there is backed up, and kept under another name", async () => {
    const { made, stage, subject, before } = ground;
    const { source, name, look } = subject;
    const confirm = calledBy(subject);
    const freshBackup = () => makeBackup(stage.request(source));
    const replace = (typed: string) =>
      stage.restore(made, source, { kind: "replace", confirm: typed, freshBackup });
    if (confirm === undefined) {
      expect(await codeOf(replace(name))).toBe("restore-refused");
      return;
    }
    await subject.spoil();
    const [spoilt, there, backups] = [await look(name), await subject.names(), await stage.keys()];
    expect(spoilt).not.toBe(before);
    expect(await codeOf(replace(`${confirm}x`))).toBe("restore-confirm");
    expect(await damaged(ground, () => codeOf(replace(confirm)))).toBe("backup-damaged");
    expect([await look(name), await subject.names()]).toEqual([spoilt, there]);
    const restored = await replace(confirm);
    const previous = restored.previous ?? "none";
    expect([restored.name, await look(name), await look(previous)]).toEqual([confirm, before, spoilt]);
    // Two attempts got as far as their backup of what was there, each an object and its manifest.
    expect((await stage.keys()).length - backups.length).toBe(4);
    const { transport } = stage;
    const left = await listLeftovers({ transport, source });
    expect(left).toEqual([{ name: previous, bytes: expect.any(Number) }]);
    await removeLeftover({ transport, source }, previous);
    expect([await subject.names(), await listLeftovers({ transport, source })]).toEqual([there, []]);
    const { orphans, damaged: bad } = await listBackups(stage.store);
    expect([orphans, bad]).toEqual([[], []]);
  });
}

/** While one byte of the stored object is another one. */
async function damaged<T>({ stage, made }: Ground, work: () => Promise<T>): Promise<T> {
  const { key } = made.stored;
  const good = await readBytes(stage.store, key);
  const bad = Buffer.from(good);
  bad[bad.length >> 1] = (bad[bad.length >> 1] ?? 0) ^ 1;
  await stage.store.put(key, bad, { overwrite: true });
  try {
    return await work();
  } finally {
    await stage.store.put(key, good, { overwrite: true });
  }
}
