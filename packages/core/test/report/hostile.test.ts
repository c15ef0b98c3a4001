import {
  type News,
  type Plan,
  renderFactsMarkdown,
  renderFactsText,
  renderPlanMarkdown,
  renderPlanText,
  renderReportMarkdown,
  renderReportText,
  truncateMarkdown,
} from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { cleanLine } from "../../src/report/clean.ts";
import { code, codeBlock, markdownTable, words } from "../../src/report/markdown.ts";
import { displayWidth, textTable } from "../../src/report/table.ts";
import { fullConfig, lostHost, now, oldCommit, reachedHost } from "../fixtures.ts";
import { plannedScene, revertedScene } from "./scenes.ts";

const escapeCharacter = String.fromCodePoint(27);
const turned = String.fromCodePoint(0x202e);
const nasty = `${escapeCharacter}[31mred${escapeCharacter}]0;title${String.fromCodePoint(7)} ${turned}a|b \`x\` <img src=x>\n::error::gone\n##[error]x\n| @everyone **b** [l](http://e.vil) \u0000${"`".repeat(4)}`;

/** Every string of a value replaced, keys and step names left. */
function poison<T>(value: T, key = ""): T {
  if (typeof value === "string") {
    const keep = ["step", "kind", "result", "status", "code", "digest", "planDigest", "migrated"].includes(
      key,
    );
    return (keep ? value : nasty) as T;
  }
  if (Array.isArray(value)) return value.map((entry) => poison(entry)) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, poison(entry, name)])) as T;
}

const facts = [
  poison(reachedHost("web1", { journal: ["x"], missingShared: ["x"], strangers: ["x"] })),
  poison(lostHost("web2")),
].map((entry, index) => ({ ...entry, host: `web${index + 1}` }));
/** What git, GitHub and a host say. */
const told: News = {
  now,
  ...poison({
    from: "x",
    commits: { last: { subject: "x", author: "x" }, first: { subject: "x", author: "x" } },
    repository: "x",
    rollbackWorkflow: "x",
  }),
  commits: {
    ...poison({ last: { subject: "x", author: "x" }, first: { subject: "x", author: "x" } }),
    ahead: 2,
  },
  changes: { added: [`db/migrate/1_${nasty}.rb`], changed: [], removed: [], files: 1 },
};
const repository = "https://github.com/org/shop";
const texts = {
  plan: renderPlanText(poison(plannedScene()), told),
  report: renderReportText(poison(revertedScene())),
  facts: renderFactsText(facts, fullConfig()),
};
const pages = {
  plan: renderPlanMarkdown(poison(plannedScene()), told),
  "plan with links": renderPlanMarkdown(plannedScene(), { ...told, from: oldCommit, repository }),
  report: renderReportMarkdown(poison(revertedScene()), [{ host: "web2", step: "health", text: nasty }]),
  step: renderReportMarkdown({ ...poison(revertedScene()), result: "prepared" }),
  facts: renderFactsMarkdown(facts, fullConfig()),
};

/** What is left when every code block and code span is taken out: GitHub reads this part. */
function outsideCode(markdown: string): string {
  return markdown
    .replace(/(?<=<summary>).*(?=<\/summary>)/g, (html) =>
      // No Markdown is read in it.
      html.replace(/<code>[^<]*<\/code>/g, "").replace(/[*[\]]/g, ""),
    )
    .replace(/^( *)(`{3,})[^\n]*\n[\s\S]*?\n\1\2$/gm, "")
    .replace(/(?<![`\\])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, "");
}

describe("hostile strings are shown, never obeyed", () => {
  test.each(Object.entries(texts))(
    "no control or invisible character, no runner command in the %s's text",
    (_, text) => {
      const kept = [...text].filter((letter) => {
        const point = letter.codePointAt(0) ?? 0;
        return (point < 32 && point !== 10) || (point > 126 && point < 160) || point === 0x202e;
      });
      expect(kept).toEqual([]);
      expect(text).not.toContain("##[");
      expect(text).not.toMatch(/^\s*::/m);
    },
  );

  test.each(Object.entries(pages))(
    "no HTML, link, mention or control character in the %s's Markdown",
    (_, page) => {
      expect(page).not.toContain(escapeCharacter);
      expect(page).not.toContain(turned);
      const rest = outsideCode(page);
      expect(rest.match(/<(?!\/?(?:details|summary|sub|code)>|br>)[^\n]{0,20}/g)).toBeNull();
      expect(rest).not.toContain("@everyone");
      expect(rest).not.toContain("http://e.vil");
      expect(rest).not.toContain("**b**");
      expect(rest).not.toMatch(/^::/m);
    },
  );

  test("a table row stays one row with its columns", () => {
    const [head, , row] = markdownTable(["A", "B"], [[words(nasty), code(nasty)]]);
    const columns = (line: string | undefined): number => (line ?? "").match(/(?<!\\)\|/g)?.length ?? 0;
    expect(columns(row)).toBe(columns(head));
    expect(row).not.toContain("\n");
  });

  test.each([
    ["a|b", "a\\|b", "`a|b`"],
    ["1. x", "1\\. x", "`1. x`"],
    ["12.3 s", "12\\.3 s", "`12.3 s`"],
    ["- x", "\\- x", "`- x`"],
    ["<b>&", "&lt;b&gt;&amp;", "`<b>&`"],
    ["`x`", "\\`x\\`", "`` `x` ``"],
    ["ask @org/team", "ask `@org/team`", "`ask @org/team`"],
    ["see https://x.y/z.", "see `https://x.y/z.`", "`see https://x.y/z.`"],
    ["", "", ""],
  ])("%j becomes %j in words and %j as code", (text, asWords, asCode) => {
    expect([words(text), code(text)]).toEqual([asWords, asCode]);
  });

  test("a code block cannot be ended from inside", () => {
    expect(codeBlock("a\n```\n````\nb\n", "sh")).toEqual(["`````sh", "a", "```", "````", "b", "`````"]);
  });

  test("lines are cleaned to one line", () => {
    expect(cleanLine(`a\r\nb\rc\td${escapeCharacter}[1;31me${String.fromCodePoint(0x9b)}f`)).toBe(
      "a b c    def",
    );
  });
});

describe("tables of text", () => {
  test("align by what a terminal shows", () => {
    expect([displayWidth("web"), displayWidth("日本"), displayWidth("🚀"), displayWidth("e\u0301")]).toEqual([
      3, 4, 2, 1,
    ]);
    expect(textTable([["a", "日本", "x"], ["bb", "c"], []], "> ")).toEqual(["> a   日本  x", "> bb  c", ">"]);
  });
});

describe("a page that is too long", () => {
  const huge: Plan = {
    ...plannedScene(),
    hosts: Array.from({ length: 9_000 }, (_, index) => ({
      host: `web${index}`,
      address: "x".repeat(50),
      port: 22,
      username: "deploy",
      roles: ["web"],
      from: "1".repeat(60),
      to: "2",
      removals: [],
    })),
  };

  test("is cut below GitHub's limit, and what was open is closed", () => {
    const page = renderPlanMarkdown({ ...huge, hosts: [...huge.hosts, ...huge.hosts] });
    expect(new TextEncoder().encode(page).length).toBeLessThanOrEqual(900 * 1024);
    expect(
      page.endsWith("_This page was cut here because of its length; the JSON report holds everything._\n"),
    ).toBe(true);
    expect(page.match(/<details>/g)?.length ?? 0).toBe(page.match(/<\/details>/g)?.length ?? 0);
  });

  test("closes a fence and details", () => {
    const page = `<details><summary>x</summary>\n\n\`\`\`\`text\n${"line\n".repeat(100)}\`\`\`\`\n\n</details>\n`;
    const cutPage = truncateMarkdown(page, 300);
    expect(cutPage.replaceAll("line\n", "")).toBe(
      "<details><summary>x</summary>\n\n````text\n````\n\n</details>\n\n" +
        "_This page was cut here because of its length; the JSON report holds everything._\n",
    );
    expect(new TextEncoder().encode(cutPage).length).toBeLessThanOrEqual(300);
  });

  test("is left alone where it is short", () => {
    expect(truncateMarkdown("x\n")).toBe("x\n");
  });
});
