import type { Verdict } from "../../src/prune/types.ts";
import type { AssetsReport } from "../../src/report/types.ts";
import type { AssetFile, AssetIndex } from "../../src/types.ts";
import { fileOf } from "../site.ts";

type Sizes = Partial<AssetFile>;

export const file = (path: string, sizes: Sizes): AssetFile => ({ ...fileOf(path, ""), ...sizes });

export const indexWith = (...files: readonly AssetFile[]): AssetIndex => ({
  schema: 1,
  files,
  manifests: [],
});

export const index = indexWith(
  file("css/app-3f9c.css", { size: 20_480, before: 30_720, gzip: 5120, brotli: 4096 }),
  file("css/app-3f9c.css.br", { size: 4096, before: 4096, encoding: "br" }),
  file("css/print-aa11.css", { size: 1024, before: 2048, gzip: 512, brotli: 400 }),
  file("img/hero-bb22.png", { size: 1_048_576, before: 1_048_576 }),
  file("css/app-3f9c.css.map", { size: 10_240, before: 10_240, kept: true }),
);

export const before = indexWith(
  file("css/app-0000.css", { size: 20_480, before: 20_480 }),
  file("img/hero-bb22.png", { size: 1_048_576, before: 1_048_576 }),
  file("js/old-cc33.js", { size: 2048, before: 2048 }),
);

const removal = (key: string, why: string): Verdict => ({ key, size: 1024, keep: false, because: [why] });

export const report: AssetsReport = {
  index,
  built: {
    tools: [
      { name: "sass", version: "1.108.2", from: "project", files: 2 },
      { name: "svgo", version: "4.1.0", from: "bundled", files: 1 },
    ],
    reused: 3,
  },
  dryRun: false,
  release: "20261121T084450Z-4f2a91c",
  location: "s3://cdn-bucket/shop",
  cdn: "CloudFront E1",
  publish: { uploaded: 3, bytesUploaded: 25_600, present: 1, purge: "purged", before },
  prune: {
    removed: 3,
    bytesRemoved: 3072,
    plan: {
      releases: [{ release: "20260101T000000Z-aaaaaa1", key: "x", keep: false, because: ["old"] }],
      remove: [
        removal("a", "last in 1: old"),
        removal("b", "last in 2: old"),
        removal("c", "last in 2: old"),
      ],
      keep: [],
    },
  },
};
