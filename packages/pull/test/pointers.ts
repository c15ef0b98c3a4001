import type { Pointed, Pointer } from "@deploy/pull";

export const now = 1_795_984_400;

export const pointedTo = (release: string, more: Partial<Pointed> = {}): Pointed => ({
  release,
  manifest: "a".repeat(64),
  files: 3,
  mtime: now - 1000,
  commit: "4".repeat(40),
  parcel: { sha256: "b".repeat(64), bytes: 4096, encoding: "gzip" },
  deltas: [],
  ...more,
});

export const pointer = (more: Partial<Pointer> = {}): Pointer => ({
  app: "shop",
  environment: "production",
  serial: 42,
  issued: now - 60,
  expires: now + 604_800,
  live: pointedTo("20261121T084450Z-4f2a91c"),
  activateAt: undefined,
  next: undefined,
  keep: 2,
  directories: [],
  files: [],
  prepare: [],
  afterSwitch: [],
  health: undefined,
  ...more,
});
