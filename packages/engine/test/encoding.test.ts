import type { Delivery, Encoding, Facts, Tool } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { encodingFor } from "../src/deliver/encoding.ts";

const hostWith = (tools: Readonly<Partial<Record<Tool, boolean>>>): Facts => ({
  host: "web1",
  reached: true,
  user: "deploy",
  tools,
  freeBytes: 1,
  freeInodes: 1,
  writable: true,
  clock: 0,
  current: { kind: "none" },
  releases: [],
  strangers: [],
  missingShared: [],
  adopted: 0,
  lock: { token: 0, expiresIn: 0 },
  journal: [],
});

test.each<readonly [Delivery["compression"], Readonly<Partial<Record<Tool, boolean>>>, Encoding]>([
  ["auto", { zstd: true, gzip: true }, "zstd"],
  ["auto", { zstd: false, gzip: true }, "gzip"],
  ["auto", { gzip: false }, "none"],
  ["auto", {}, "gzip"],
  ["zstd", { zstd: true }, "zstd"],
  ["zstd", { gzip: true }, "gzip"],
  ["gzip", { zstd: true, gzip: true }, "gzip"],
  ["gzip", { zstd: true, gzip: false }, "zstd"],
  ["none", { zstd: true, gzip: true }, "none"],
])("asked for %s, a host with %j gets %s", (asked, tools, encoding) => {
  expect(encodingFor(hostWith(tools), asked)).toBe(encoding);
});

test("a runner that cannot pack zstd sends gzip", () => {
  const able = hostWith({ zstd: true, gzip: true });
  expect([encodingFor(able, "auto", false), encodingFor(able, "zstd", false)]).toEqual(["gzip", "gzip"]);
});

test("a host of which nothing is known gets what every host reads", () => {
  expect(encodingFor(undefined, "auto")).toBe("gzip");
});
