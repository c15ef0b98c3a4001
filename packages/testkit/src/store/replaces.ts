import type { Put, Store } from "@deploy/store";
import { expect, test } from "@jest/globals";
import { codeOf, keysOf, putText, readText, sha256, streamOf } from "./subject.ts";

/** Writes in the place of one version, which another that lies there survives. */
export function replaces(get: () => Store): void {
  const etagOf = async (key: string): Promise<string> => (await get().details(key))?.etag ?? "";

  test("the version that was named is replaced, with its metadata, and only once", async () => {
    await putText(get(), "version", "first", { metadata: { old: "1" } });
    const overwrite = { etag: await etagOf("version") };
    const second = await putText(get(), "version", "second", { overwrite, metadata: { new: "2" } });
    const third = await putText(get(), "version", "third", { overwrite });
    const object = await get().details("version");
    expect([second, third]).toEqual([
      { kind: "written", size: 6, sha256: sha256("second") },
      { kind: "present", object },
    ]);
    expect([await readText(get(), "version"), object?.metadata]).toEqual(["second", { new: "2" }]);
  });

  test("the same bytes again may be replaced by whoever read them", async () => {
    await putText(get(), "same", "first");
    for (const text of ["first", "first", "other"]) {
      const overwrite = { etag: await etagOf("same") };
      expect((await putText(get(), "same", text, { overwrite })).kind).toBe("written");
    }
    expect(await readText(get(), "same")).toBe("other");
  });

  test("nothing is put in the place of what is gone", async () => {
    await putText(get(), "went", "first");
    const overwrite = { etag: await etagOf("went") };
    await get().remove("went");
    const codes = [
      await codeOf(putText(get(), "went", "second", { overwrite })),
      await codeOf(get().putStream("went", streamOf([Buffer.from("third")]), { overwrite })),
    ];
    expect([codes, await keysOf(get(), "went")]).toEqual([["object-missing", "object-missing"], []]);
  });

  test("in parts: the version that was named is replaced, another stays", async () => {
    await putText(get(), "large-version", "first");
    const overwrite = { etag: await etagOf("large-version") };
    const chunks = Array.from({ length: 20 }, () => Buffer.alloc(1 << 20, 1));
    const puts = [
      await get().putStream("large-version", streamOf(chunks), { overwrite }),
      await get().putStream("large-version", streamOf(chunks), { overwrite }),
    ];
    expect(puts.map(({ kind }) => kind)).toEqual(["written", "present"]);
    expect((await get().details("large-version"))?.size).toBe(20 << 20);
  });

  test("twelve writers who read, add a line and try again lose no line", async () => {
    await putText(get(), "lines", "");
    const lines = Array.from({ length: 12 }, (_, index) => `writer ${index}`);
    await Promise.all(lines.map((line) => addLine(get(), "lines", line)));
    expect((await readText(get(), "lines")).trim().split("\n").sort()).toEqual(lines.sort());
  });
}

async function addLine(store: Store, key: string, line: string): Promise<void> {
  let put: Put;
  do {
    const { etag = "" } = (await store.details(key)) ?? {};
    put = await putText(store, key, `${await readText(store, key)}${line}\n`, { overwrite: { etag } });
  } while (put.kind === "present");
}
