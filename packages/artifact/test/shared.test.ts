import { randomBytes } from "node:crypto";
import { openSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { chunkSize, SharedFile } from "../src/shared.ts";
import { bytes, temporary } from "./tree.ts";

function share(data: Buffer): { readonly shared: SharedFile; readonly file: string } {
  const file = join(temporary(), "f");
  writeFileSync(file, data);
  return { shared: new SharedFile(openSync(file, "r"), data.length), file };
}

test("many readers get all of it, whatever their pace", async () => {
  const data = randomBytes(20 * chunkSize + 7);
  const { shared } = share(data);
  const slow = shared.read()[Symbol.asyncIterator]();
  const first = await slow.next();
  const fast = await Promise.all(Array.from({ length: 8 }, () => bytes(shared.read())));
  expect(fast.every((one) => one.equals(data))).toBe(true);
  const rest = await bytes({ [Symbol.asyncIterator]: () => slow });
  expect(Buffer.concat([first.value as Uint8Array, rest]).equals(data)).toBe(true);
});

test("readers side by side share what was read", async () => {
  const { shared } = share(randomBytes(2 * chunkSize));
  const [one, other] = [shared.read(), shared.read()];
  expect((await one.next()).value).toBe((await other.next()).value);
});

test("nothing is nothing, and a file that was cut is no whole one", async () => {
  expect(await bytes(share(Buffer.alloc(0)).shared.read())).toEqual(Buffer.alloc(0));
  const { shared, file } = share(Buffer.alloc(chunkSize + 1));
  truncateSync(file, chunkSize);
  await expect(bytes(shared.read())).rejects.toThrow("the file ended early");
});
