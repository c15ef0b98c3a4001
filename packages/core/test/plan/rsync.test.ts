import { expect, test } from "@jest/globals";
import { rsyncSafe, rsyncTooOld, rsyncVersion } from "../../src/index.ts";

test.each([
  ["rsync  version 3.2.7  protocol version 32\nCopyright", "3.2.7"],
  ["rsync  version v3.4.1  protocol version 32", "3.4.1"],
  ["openrsync: protocol version 29\nrsync version 2.6.9 compatible", "2.6.9"],
  ["rsync: not found", undefined],
  ["", undefined],
])("%j is version %s", (text, version) => {
  expect(rsyncVersion(text)).toBe(version);
});

test.each([
  ["3.1.0", false],
  ["3.1", false],
  ["3.10.0", false],
  ["4.0", false],
  ["3.0.9", true],
  ["2.6.9", true],
  ["3.5.0+ds1", false],
  ["", true],
  ["new", true],
])("%j is too old: %s", (version, old) => {
  expect(rsyncTooOld(version)).toBe(old);
});

test.each([
  ["3.2.7", true],
  ["3.3.0", true],
  ["3.4.0", false],
  ["3.4.1", false],
  ["4.0.0", false],
])("of rsync %s hosts could read the sender's files: %s", (version, so) => {
  expect(rsyncTooOld(version, rsyncSafe)).toBe(so);
});
