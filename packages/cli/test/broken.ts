import type { ErrorCode } from "@deploy/core";

/** Mistakes in a good config, by the code that each is told with. */
export const broken: readonly (readonly [ErrorCode, (good: string) => string])[] = [
  ["config-syntax", (text) => text.replace("app: shop", "app: shop: shop")],
  ["config-syntax", (text) => text.replace(/^exclude: \[.*\]$/m, (line) => line.slice(0, -1))],
  ["config-unknown-key", (text) => text.replace("prepare:", "prepair:")],
  ["config-invalid", (text) => text.replace("within: 10s", "within: soon")],
  ["config-conflict", (text) => text.replace("[uploads]", "[uploads, uploads/a]")],
  ["config-host-twice", (text) => text.replace(/hosts: \[("[^"]+")/, "hosts: [$1, $1")],
  ["config-leader", (text) => text.replace("    hosts:", "    leader: web9.example.com\n    hosts:")],
  [
    "config-role",
    (text) =>
      text
        .replace(/^ {4}hosts: .*$/m, (line) => line.replaceAll(/"(?=[,\]])/g, ' roles=web"'))
        .replace("reload: [", "reload: [{ run: 'true', roles: [worker] }, "),
  ],
  ["config-unavailable", (text) => `${text}backup: { database: redis }\n`],
  ["config-missing", (text) => text.replace(/^deploy-to: .*\n/m, "")],
  ["source-missing", (text) => `${text.replace(/^source: .*\n/m, "")}source: dist\n`],
  ["source-empty", (text) => text.replace("exclude: [", "exclude: ['*', ")],
  ["build-failed", (text) => `${text}build: [exit 3]\n`],
  ["filter-missing", (text) => `${text}upload: { filter: [rules] }\n`],
];

/**
 * The config after what the error says is done: the word that it means is taken, the key that it misses is written,
 * the line that it names is put right. Without a line there is one setting that the text names: `good` has it right.
 */
export function mended(good: string, bad: string, told: string, line: number | undefined): string {
  const [right, wrong] = [good.split("\n"), bad.split("\n")];
  const [, meant] = /Did you mean "(.+?)"/.exec(told) ?? [];
  const [missing = ""] = right.filter((each) => !wrong.includes(each));
  if (wrong.length < right.length) return told.includes(missing.split(":")[0] ?? "") ? good : bad;
  if (line === undefined) return good;
  const named = wrong[line - 1] ?? "";
  const [, word = ""] = /"(.+?)"/.exec(told) ?? [];
  if (meant !== undefined) return wrong.with(line - 1, named.replace(word, meant)).join("\n");
  if (wrong.length > right.length) return wrong.toSpliced(line - 1, 1).join("\n");
  return wrong.with(line - 1, right[line - 1] ?? "").join("\n");
}
