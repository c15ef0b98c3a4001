import { type Pointer, readPointer, writePointer } from "@deploy/pull";
import { expect, test } from "@jest/globals";
import { now, pointedTo, pointer } from "./pointers.ts";

test("all that a pointer may say is read back", () => {
  const delta = {
    from: "20261120T084450Z-1111111",
    sha256: "c".repeat(64),
    bytes: 10,
    encoding: "zstd",
  } as const;
  const full = pointer({
    activateAt: now + 30,
    live: pointedTo("20261121T084450Z-4f2a91c", { deltas: [delta] }),
    next: pointedTo("20261122T101500Z-91ab3c0", {
      deltas: [delta, { ...delta, from: "20261119T084450Z-2222222" }],
    }),
    directories: ["var/uploads", "täglich"],
    files: [".env"],
    prepare: ["npm ci --omit=dev"],
    afterSwitch: ["sudo systemctl reload shop", "true # two"],
    health: { url: "http://127.0.0.1:8080/up?deep=1", tries: 10 },
  });
  expect(readPointer(writePointer(full))).toEqual(full);
  expect(readPointer(writePointer(pointer()))).toEqual(pointer());
});

test.each<[string, Partial<Pointer>]>([
  ["app", { app: "shop\nserial 99" }],
  ["environment", { environment: "" }],
  ["serial", { serial: 1.5 }],
  ["serial", { serial: -1 }],
  ["expires", { expires: Number.NaN }],
  ["live", { live: pointedTo("../../etc") }],
  ["live", { live: pointedTo("2026", { manifest: "A".repeat(64) }) }],
  ["next", { next: pointedTo("2026", { commit: "HEAD" }) }],
  ["directory", { directories: ["../shared"] }],
  ["directory", { directories: ["a//b"] }],
  ["file", { files: ["/etc/passwd"] }],
  ["prepare", { prepare: ["one\ntwo"] }],
  ["after-switch", { afterSwitch: [" "] }],
  ["health", { health: { url: "file:///etc/shadow", tries: 1 } }],
])("a %s that machines would read otherwise is not written", (key, more) => {
  expect(() => writePointer(pointer(more))).toThrow(`A pointer's ${key} cannot be`);
});
