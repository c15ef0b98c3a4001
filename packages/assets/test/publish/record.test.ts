import { describe, expect, test } from "@jest/globals";
import {
  beginRecord,
  finishRecord,
  parseRecord,
  type ReleaseRecord,
  recordKey,
} from "../../src/publish/record.ts";
import { fileOf } from "../site.ts";

const release = "20261121T084450Z-4f2a91c";
const [css, page] = [fileOf("app-aa11.css", "body{}"), fileOf("index.html", "<p>")];
const record: ReleaseRecord = { schema: 1, release, time: 5, complete: true, files: [css, page], also: [] };
const read = (value: unknown) => parseRecord(recordKey(release), Buffer.from(JSON.stringify(value)));

describe("a record from the store", () => {
  test("is what was written", () => {
    expect(read(record)).toEqual(record);
  });

  test.each<[string, unknown]>([
    ["another schema", { ...record, schema: 2 }],
    ["another release", { ...record, release: "20261121T084450Z-0000000" }],
    ["no time", { ...record, time: "yesterday" }],
    ["no files", { ...record, files: undefined }],
    ["a file that leads out", { ...record, files: [{ ...css, path: "../secret" }] }],
    ["a file of ours", { ...record, files: [{ ...css, path: ".deploy/assets/purge.json" }] }],
    ["a size that is none", { ...record, files: [{ ...css, size: -1 }] }],
    ["an unknown kind", { ...record, files: [{ ...css, kind: "virus" }] }],
    ["a hostile remainder", { ...record, also: [{ path: "/etc/passwd", size: 1 }] }],
    ["a list", [record]],
    ["nothing", null],
  ])("is refused with %s", (_, value) => {
    expect(() => read(value)).toThrow(
      `.deploy/assets/${release}.json is no record of a release that this version can read`,
    );
  });

  test("is refused where it is no JSON, or too large to be one", () => {
    expect(() => parseRecord(recordKey(release), Buffer.from("<html>"))).toThrow("is no record");
    expect(() => parseRecord(recordKey(release), undefined)).toThrow("is no record");
  });
});

test("a record that is begun names all that will be needed", () => {
  expect(beginRecord(release, 7, [css, page])).toEqual({
    ...record,
    time: 7,
    complete: false,
    files: [],
    also: [{ path: "app-aa11.css", size: 6 }],
  });
});

test("a release that is begun again keeps its time and what it told", () => {
  const next = fileOf("app-bb22.css", "p{}");
  expect(beginRecord(release, 7, [css, next], record)).toEqual({
    ...record,
    also: [{ path: "app-bb22.css", size: 3 }],
  });
});

test("a finished record keeps what earlier publishes of the release left", () => {
  const next = fileOf("app-bb22.css", "p{}");
  const begun = beginRecord(release, 7, [next, page], record);
  expect(finishRecord(release, 8, [next, page], begun)).toEqual({
    ...record,
    time: 8,
    files: [next, page],
    also: [{ path: "app-aa11.css", size: 6 }],
  });
});
