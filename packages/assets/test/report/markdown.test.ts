import { describe, expect, test } from "@jest/globals";
import { renderAssetsMarkdown } from "../../src/report/markdown.ts";
import { file, indexWith, report } from "./fixtures.ts";

describe("the report for the summary", () => {
  test("of a publish", () => {
    expect(renderAssetsMarkdown(report)).toBe(
      [
        "### Assets published",
        "",
        "|  | Files | Before | After | gzip | brotli | Change |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        "| CSS | 2 | 33 kB | 22 kB | 5.6 kB | 4.5 kB | +1.0 kB (+5.0 %) |",
        "| JavaScript | 0 | 0 B | 0 B | – | – | gone |",
        "| Images | 1 | 1.0 MB | 1.0 MB | – | – | same |",
        "| **Total** | **3** | **1.1 MB** | **1.1 MB** | **1.1 MB** | **1.1 MB** | **−1.0 kB (<0.1 %)** |",
        "",
        "Uploaded 3 files, 26 kB, to `s3://cdn-bucket/shop` as release `20261121T084450Z-4f2a91c`; 1 already there; `CloudFront E1` purged. 1 source map, 10 kB, kept apart, not published. 3 files unchanged since the last build and not built again. Pruned 3 files, 3.1 kB, of old releases: `20260101T000000Z-aaaaaa1`.",
        "",
        "<details><summary>The 3 largest files</summary>",
        "",
        "| File | After | gzip | brotli |",
        "| --- | ---: | ---: | ---: |",
        "| `img/hero-bb22.png` | 1.0 MB | – | – |",
        "| `css/app-3f9c.css` | 20 kB | 5.1 kB | 4.1 kB |",
        "| `css/print-aa11.css` | 1.0 kB | 512 B | 400 B |",
        "",
        "</details>",
        "",
        "<details><summary>What was pruned, and why</summary>",
        "",
        "| Because | Files | Size |",
        "| --- | ---: | ---: |",
        "| last in 2: old | 2 | 2.0 kB |",
        "| last in 1: old | 1 | 1.0 kB |",
        "",
        "</details>",
        "",
        "<details><summary>Tools</summary>",
        "",
        "- sass 1.108.2 \\(the project's\\), 2 files",
        "- svgo 4.1.0 \\(bundled\\), 1 file",
        "",
        "</details>",
        "",
      ].join("\n"),
    );
  });

  test("escapes what people and servers named", () => {
    const index = indexWith(file("a|b`<img src=x>@you.css", { size: 5 }));
    const purgeProblem = {
      code: "purge-failed",
      message: "<script>|@you",
      hint: "Again.",
      place: {},
    } as const;
    const publish = { uploaded: 1, bytesUploaded: 5, present: 0, purge: "failed", purgeProblem } as const;
    const text = renderAssetsMarkdown({ ...report, index, publish, location: "s3://`x`" });
    expect(text).toContain("| ``a\\|b`<img src=x>@you.css`` | 5 B | – | – |");
    expect(text).toContain("- `purge-failed`: &lt;script&gt;`|@you`<br>Again.");
    expect(text).toContain("to `` s3://`x` `` as release");
    expect(text).toMatch(/^### Assets uploaded, not purged\n/);
  });

  test("of nothing is a heading", () => {
    expect(renderAssetsMarkdown({ index: indexWith(), dryRun: false })).toBe("### Assets built\n");
  });

  test("stays below GitHub's limit", () => {
    const tools = Array.from(
      { length: 9000 },
      () => ({ name: "x".repeat(200), version: "1", from: "bundled", files: 1 }) as const,
    );
    expect(
      Buffer.byteLength(renderAssetsMarkdown({ ...report, built: { tools, reused: 0 } })),
    ).toBeLessThanOrEqual(900 * 1024);
  });
});
