import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { renderProblems } from "@deploy/action-kit";
import { renderAssetsMarkdown } from "@deploy/assets";
import { makeProblem } from "@deploy/core";
import { remarksMarkdown } from "@deploy/core/doctor";
import { expect, test } from "@jest/globals";
import * as backup from "../../actions/backup/src/result.ts";
import * as restore from "../../actions/restore/src/result.ts";
import { report as assets } from "../../packages/assets/test/report/fixtures.ts";
import { manifest } from "../../packages/backup/test/fakes/request.ts";

/** What a host, a database, a store or a person may be called. */
const hostile = "a|b `x` <img src=x>\n# @everyone **b** [l](http://e.vil)";

const poisoned = [
  "name",
  "server",
  "tool",
  "key",
  "path",
  "release",
  "location",
  "cdn",
  "version",
  "previous",
];

/** Names in a value, replaced. */
function poison<T>(value: T, key = ""): T {
  if (typeof value === "string") return (poisoned.includes(key) ? hostile : value) as T;
  if (Array.isArray(value)) return value.map((entry) => poison(entry, key)) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, poison(entry, name)])) as T;
}

const made = poison(manifest({ id: "20261121T084450Z-shop-7f3a", release: "r", live: "l" }));
const verdict = { id: hostile, keep: true, because: [hostile] };
const log = { text: () => {} } as never;

/** Each page with Markdown of its own; those of plan, report and facts: packages/core/test/report/hostile.test.ts. */
const pages: Readonly<Record<string, string | undefined>> = {
  backup: backup.told(
    poison({ manifest: made, retained: { kept: [], removed: [], denied: [] } }) as never,
    "s3://b",
    log,
  ).summary,
  "backup, rehearsed": backup.rehearsed(
    { facts: { name: hostile, server: hostile, warnings: [] }, verdicts: [verdict] } as never,
    "s3://b",
  ).summary,
  restore: restore.told(poison({ backup: made, restored: { name: "a", previous: "b", tables: 1 } }) as never)
    .summary,
  "restore, rehearsed": restore.rehearsed({ backup: made, name: hostile, replaces: true } as never).summary,
  assets: renderAssetsMarkdown({ ...poison(assets), warnings: [hostile] }),
  doctor: remarksMarkdown(
    (["warn", "ok"] as const).map((level) => {
      return { level, about: hostile, host: hostile, text: hostile, fix: hostile };
    }),
    hostile,
  ),
  problems: renderProblems([
    makeProblem("connect-unreachable", hostile, { hint: hostile, place: { host: hostile } }),
  ]),
};

/** What is left when code is taken out: GitHub reads this part. */
function outsideCode(page: string): string {
  return page.replace(/(?<![`\\])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, "");
}

test.each(Object.entries(pages))("a hostile name is only shown in the summary of %s", (_, page = "") => {
  expect(page).toContain("img src=x");
  const rest = outsideCode(page);
  expect(rest.match(/<img|@everyone|\*\*b\*\*|http:\/\/e\.vil|^# /gm)).toBeNull();
});

test("every file that writes a heading is among those", () => {
  const root = join(import.meta.dirname, "../..");
  const files = ["packages", "actions"].flatMap((room) =>
    readdirSync(join(root, room)).flatMap((name) =>
      readdirSync(join(root, room, name, "src"), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => join(room, name, "src", file)),
    ),
  );
  expect(files.filter((file) => readFileSync(join(root, file), "utf8").includes("`### ")).sort()).toEqual([
    "actions/backup/src/result.ts",
    "actions/restore/src/result.ts",
    "packages/action-kit/src/run.ts",
    "packages/assets/src/report/markdown.ts",
    "packages/backup/src/report/backup.ts",
    "packages/backup/src/report/restored.ts",
    "packages/core/src/doctor/render.ts",
    "packages/core/src/report/planMarkdown.ts",
    "packages/core/src/report/reportMarkdown.ts",
    "packages/core/src/status/factsMarkdown.ts",
  ]);
});
