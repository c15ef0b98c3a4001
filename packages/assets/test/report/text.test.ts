import { describe, expect, test } from "@jest/globals";
import { assetsProblems } from "../../src/report/problems.ts";
import { renderAssetsText } from "../../src/report/text.ts";
import { assetsHeadline } from "../../src/report/words.ts";
import { file, indexWith, report } from "./fixtures.ts";

const lines = (...all: readonly string[]) => `${all.join("\n")}\n`;

describe("the report as text", () => {
  test("of a publish", () => {
    expect(renderAssetsText(report)).toBe(
      lines(
        "Assets published",
        "",
        "            Files  Before   After    gzip  brotli            Change",
        "CSS             2   33 kB   22 kB  5.6 kB  4.5 kB  +1.0 kB (+5.0 %)",
        "JavaScript      0     0 B     0 B       –       –              gone",
        "Images          1  1.0 MB  1.0 MB       –       –              same",
        "Total           3  1.1 MB  1.1 MB  1.1 MB  1.1 MB  −1.0 kB (<0.1 %)",
        "",
        "Uploaded 3 files, 26 kB, to s3://cdn-bucket/shop as release 20261121T084450Z-4f2a91c; 1 already there; CloudFront E1 purged.",
        "1 source map, 10 kB, kept apart, not published.",
        "3 files unchanged since the last build and not built again.",
        "Pruned 3 files, 3.1 kB, of old releases: 20260101T000000Z-aaaaaa1.",
        "",
        "Largest",
        "  img/hero-bb22.png   1.0 MB",
        "  css/app-3f9c.css     20 kB",
        "  css/print-aa11.css  1.0 kB",
        "",
        "Pruned",
        "  2  2.0 kB  last in 2: old",
        "  1  1.0 kB  last in 1: old",
        "",
        "sass 1.108.2 (the project's), 2 files",
        "svgo 4.1.0 (bundled), 1 file",
      ),
    );
  });

  test("of a build that is not published", () => {
    const index = indexWith(file("a.css", { size: 5, before: 9 }));
    const text = renderAssetsText({ index, built: { tools: [], reused: 0 }, dryRun: false });
    expect(text).toBe(
      lines(
        "Assets built",
        "",
        "     Files  Before  After  gzip  brotli",
        "CSS      1     9 B    5 B     –       –",
        "",
        "Largest",
        "  a.css  5 B",
      ),
    );
  });

  test("of an upload that was not purged names the problem first", () => {
    const purgeProblem = {
      code: "purge-failed",
      message: "The hook answered 500",
      hint: "Run this step again.",
      place: {},
    } as const;
    const publish = { uploaded: 0, bytesUploaded: 0, present: 4, purge: "failed", purgeProblem } as const;
    const text = renderAssetsText({ ...report, publish, problems: [purgeProblem] });
    expect(text.split("\n").slice(0, 4)).toEqual([
      "Assets uploaded, not purged",
      "",
      "x purge-failed · The hook answered 500. Run this step again.",
      "",
    ]);
    expect(text).toContain(
      "Uploaded nothing to s3://cdn-bucket/shop as release 20261121T084450Z-4f2a91c; 4 already there; CloudFront E1 not purged.",
    );
  });

  test("of a dry run tells what would be", () => {
    const text = renderAssetsText({ ...report, dryRun: true });
    expect(text.split("\n")[0]).toBe("Assets, a dry run");
    expect(text).toContain(
      "Would upload 3 files, 26 kB, to s3://cdn-bucket/shop as release 20261121T084450Z-4f2a91c; 1 already there; CloudFront E1 would be purged.",
    );
    expect(text).toContain("Would prune 3 files, 3.1 kB, of old releases: 20260101T000000Z-aaaaaa1.");
  });

  test("of a store that may not delete", () => {
    const refused = {
      code: "store-denied",
      message: "s3:DeleteObject was refused",
      hint: "Grant it.",
      place: {},
    } as const;
    const prune = report.prune && { ...report.prune, refused };
    const text = renderAssetsText({ ...report, ...(prune && { prune }) });
    expect(text).toContain("x store-denied · s3:DeleteObject was refused. Grant it.");
    expect(text).toContain("Not pruned 3 files, 3.1 kB");
  });

  test("with hostile names and words says nothing to the terminal or the runner", () => {
    const esc = String.fromCodePoint(27);
    const index = indexWith(file(`a${esc}[31m\n::error::x##[group].css`, { size: 5 }));
    const tools = [{ name: "sass\n::error::", version: `${esc}[0m1`, from: "project", files: 1 } as const];
    const text = renderAssetsText({
      ...report,
      index,
      built: { tools, reused: 0 },
      warnings: ["::warning::x\ny"],
    });
    expect(text).not.toContain(esc);
    expect(text).not.toMatch(/^\s*::/m);
    expect(text).not.toContain("##[");
  });
});

test.each([
  [report, "Assets published: 3 files uploaded, 26 kB"],
  [{ ...report, dryRun: true }, "Assets, a dry run: 3 files to upload, 26 kB"],
  [{ index: report.index, dryRun: false }, "Assets built: 3 files, 1.1 MB"],
  [
    { ...report, publish: { uploaded: 0, bytesUploaded: 0, present: 3, purge: "failed" as const } },
    "Assets uploaded, not purged: nothing uploaded",
  ],
])("the headline", (told, headline) => {
  expect(assetsHeadline(told)).toBe(headline);
});

test("the problems are those of every part, each once", () => {
  const problem = (message: string) => ({ code: "purge-failed", message, hint: "", place: {} }) as const;
  const [purgeProblem, refused, other] = [problem("purge"), problem("prune"), problem("other")];
  const publish = { uploaded: 0, bytesUploaded: 0, present: 0, purge: "failed", purgeProblem } as const;
  const prune = { plan: { releases: [], remove: [], keep: [] }, removed: 0, bytesRemoved: 0, refused };
  const told = { ...report, publish, prune, problems: [other, purgeProblem] };
  expect(assetsProblems(told)).toEqual([other, purgeProblem, refused]);
});
