import { setTimeout as pause } from "node:timers/promises";
import type { Store } from "@deploy/store";
import { expect, test } from "@jest/globals";
import { codeOf, putText } from "./subject.ts";

/** `served`: to anybody, whatever is signed (moto); `absent`: the store has no such addresses. */
export type Presigned = "checked" | "served" | "absent";

const day = { expires: 24 * 3600 };

/** Addresses that anybody may read from: plain HTTP, no credentials. */
export function presigns(get: () => Store, presigned: Presigned): void {
  if (presigned === "absent") {
    test("there are no addresses for others", () => expect(get().presign).toBe(undefined));
    return;
  }
  const addressOf = async (key: string, how = day): Promise<string> =>
    (await get().presign?.(key, how)) ?? "";

  test("a presigned address gives the bytes, whole and a range of them, whatever the name", async () => {
    const keys = ["signed/plain", "signed/ü b+c&d%20?e='(f)*🚀"];
    for (const key of keys) await putText(get(), key, `0123456789 ${key}`);
    const read = async (key: string) => {
      const url = await addressOf(key);
      const range = await fetch(url, { headers: { range: "bytes=2-4" } });
      return [await (await fetch(url)).text(), range.status, await range.text()];
    };
    expect(await Promise.all(keys.map(read))).toEqual(keys.map((key) => [`0123456789 ${key}`, 206, "234"]));
  });

  test("an address of what is not there is made, and gives nothing", async () => {
    expect((await fetch(await addressOf("signed/nowhere"))).status).toBe(404);
    expect(await codeOf(addressOf("signed/../x"))).toBe("store-key");
  });

  if (presigned === "served") return;

  test("an address that was changed, or whose time is over, gives nothing", async () => {
    await putText(get(), "signed/secret", "s3cr3t");
    await putText(get(), "signed/other", "other");
    const url = await addressOf("signed/secret");
    const changed = [
      url.replace("signed/secret", "signed/other"),
      url.replace(/X-Amz-Expires=\d+/, "X-Amz-Expires=99999"),
      url.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
      url.replace(/\?.*/, ""),
    ];
    const statuses = await Promise.all(changed.map(async (one) => (await fetch(one)).status));
    const removal = await fetch(url, { method: "DELETE" });
    expect([...statuses, removal.status]).toEqual([403, 403, 403, 403, 403]);
    const brief = await addressOf("signed/secret", { expires: 1 });
    while ((await fetch(brief)).ok) await pause(100);
    expect([(await fetch(brief)).status, await (await fetch(url)).text()]).toEqual([403, "s3cr3t"]);
  });
}
