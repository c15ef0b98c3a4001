import { problemOf } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { openStore, parseStoreAddress } from "../src/index.ts";

const s3 = (bucket: string, prefix: string) => ({ kind: "s3", bucket, prefix });
const folder = (path: string) => ({ kind: "folder", path });

describe("parseStoreAddress", () => {
  test.each([
    ["s3://cdn-bucket", s3("cdn-bucket", "")],
    ["s3://cdn-bucket/", s3("cdn-bucket", "")],
    ["s3://cdn-bucket/shop", s3("cdn-bucket", "shop")],
    ["S3://cdn.bucket.1/shop/assets/", s3("cdn.bucket.1", "shop/assets")],
    ["s3://cdn-bucket/a b/ü?x#y", s3("cdn-bucket", "a b/ü?x#y")],
    ["s3://fast--use1-az5--x-s3/a", s3("fast--use1-az5--x-s3", "a")],
    ["file:///var/backups/a%20b", folder("/var/backups/a b")],
    ["/var/backups", folder("/var/backups")],
    ["public/assets", folder("public/assets")],
    ["../sibling", folder("../sibling")],
    ["a:b", folder("a:b")],
  ])("%s", (text, address) => {
    expect(parseStoreAddress(text)).toEqual(address);
  });

  test.each([
    ["", "is empty"],
    [" s3://cdn-bucket", "has spaces around it"],
    ["s3://cdn-bucket/a\nb", "has a control character"],
    ["s3:cdn-bucket", "names no bucket"],
    ["s3:///shop", "names no bucket"],
    ["s3://ab", "names the bucket ab, which has not 3 to 63 characters"],
    [
      "s3://Shop_Assets",
      "names the bucket Shop_Assets; only a-z, 0-9, dots and hyphens are allowed, and a letter or digit at both ends",
    ],
    ["s3://a..bucket", "names the bucket a..bucket, which has two dots side by side"],
    ["s3://10.0.0.1/x", "names the bucket 10.0.0.1, which looks like an IP address"],
    ["s3://cdn-bucket//a", "has an empty, `.` or `..` part in its prefix"],
    ["s3://cdn-bucket/a/../b", "has an empty, `.` or `..` part in its prefix"],
    ["gs://cdn-bucket", "has the unknown scheme gs"],
    ["https://cdn-bucket.s3.amazonaws.com/x", "has the unknown scheme https"],
    ["file://host/share", "is no URL of an absolute path on this machine"],
  ])("refuses %j", (text, why) => {
    expect(() => parseStoreAddress(text)).toThrow(`The store address ${JSON.stringify(text)} ${why}`);
  });

  test("says what to write instead", () => {
    try {
      parseStoreAddress("gs://cdn-bucket");
    } catch (error) {
      expect(problemOf(error)).toEqual({
        code: "store-address",
        message: 'The store address "gs://cdn-bucket" has the unknown scheme gs',
        hint: "Write s3://bucket/prefix, file:///absolute/folder or a folder's path.",
        place: {},
      });
    }
    expect.assertions(1);
  });
});

test("openStore picks the kind by the address", () => {
  const stores = ["s3://cdn-bucket/shop", "s3://cdn-bucket", "/var/backups"].map((address) =>
    openStore(address),
  );
  expect(stores.map(({ location }) => location)).toEqual([
    "s3://cdn-bucket/shop",
    "s3://cdn-bucket",
    "/var/backups",
  ]);
});
