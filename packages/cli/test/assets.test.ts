import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hostTree } from "@deploy/testkit";
import { beforeEach, expect, test } from "@jest/globals";
import { main } from "../src/index.ts";
import { newFolder } from "./folder.ts";
import { recordedIo } from "./io.ts";

let folder: string;
beforeEach(() => {
  folder = newFolder();
  write("package.json", "{}\n");
  write(".github/deploy.yml", "assets: { publish: cdn, manifests: [json] }\n");
  write("assets/css/app.scss", "$a: red;\nmain { color: $a }\n");
  write("assets/js/app.js", "export const one = 1 + 1;\n");
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

async function assets(...args: readonly string[]) {
  const io = recordedIo({ cwd: folder, env: { PATH: process.env.PATH } });
  const exitCode = await main(["assets", ...args, "--commit", "1".repeat(40)], io);
  return { exitCode, out: io.out(), err: io.err() };
}

const filesIn = (path: string) =>
  (existsSync(join(folder, path)) ? (readdirSync(join(folder, path), { recursive: true }) as string[]) : [])
    .filter((name) => /\.(css|js)$/.test(name))
    .sort();
const made = [
  expect.stringMatching(/^css\/app-[0-9a-f]{12}\.css$/),
  expect.stringMatching(/^js\/app-[0-9a-f]{12}\.js$/),
];

test("builds and publishes into the folder that the config names, seen from where it was called", async () => {
  const ran = await assets();
  expect([ran.exitCode, ran.err]).toEqual([0, ""]);
  expect([filesIn("public/assets"), filesIn("cdn")]).toEqual([made, made]);
  const manifest = readFileSync(join(folder, "public/assets/manifest.json"), "utf8");
  for (const path of filesIn("cdn")) expect(manifest).toContain(JSON.stringify(path));
  const again = JSON.parse((await assets("--json")).out) as { publish: { uploaded: number } };
  expect(again.publish.uploaded).toBe(0);
});

test("a place that another published to is refused, and taken over by the line that is told", async () => {
  const config = (app: string) => `app: ${app}\nassets: { publish: cdn }\n`;
  write(".github/deploy.yml", config("shop"));
  expect((await assets("--environment", "production")).exitCode).toBe(0);
  write(".github/deploy.yml", config("blog"));
  const refused = await assets();
  expect([refused.exitCode, refused.err]).toEqual([
    1,
    expect.stringMatching(/publish-taken.*shop\/production/),
  ]);
  const flag = /`(--take-over \S+)`/.exec(refused.err)?.[1]?.split(" ") ?? [];
  const taken = await assets(...flag);
  expect([taken.exitCode, taken.err]).toEqual([
    0,
    expect.stringContaining("is taken over from shop/production"),
  ]);
  expect([(await assets()).exitCode, readFileSync(join(folder, "cdn/.deploy/tenant.json"), "utf8")]).toEqual([
    0,
    '{"schema":1,"app":"blog"}\n',
  ]);
});

test("build publishes nothing, publish builds nothing", async () => {
  expect((await assets("build")).exitCode).toBe(0);
  expect([filesIn("public/assets"), filesIn("cdn")]).toEqual([made, []]);
  write("assets/css/app.scss", "main { color: blue }\n");
  const output = hostTree(join(folder, "public"), { mtime: true });
  expect((await assets("publish")).exitCode).toBe(0);
  expect([filesIn("cdn"), hostTree(join(folder, "public"), { mtime: true })]).toEqual([made, output]);
});

test("a dry run writes neither output nor store, and says what would be sent", async () => {
  const ran = await assets("--dry-run", "--json");
  expect([ran.exitCode, JSON.parse(ran.out)]).toEqual([0, expect.objectContaining({ dryRun: true })]);
  expect([existsSync(join(folder, "public")), existsSync(join(folder, "cdn"))]).toEqual([false, false]);
});

test("a syntax error names file and line, and nothing is written", async () => {
  write("assets/css/app.scss", "main { color: red;\n  width: ;\n");
  const ran = await assets();
  expect([ran.exitCode, ran.err]).toEqual([
    1,
    expect.stringMatching(/asset-syntax .*assets\/css\/app\.scss:2/),
  ]);
  expect([filesIn("public"), filesIn("cdn")]).toEqual([[], []]);
});

test.each([
  [["--enviroment", "x"], "Did you mean --environment?"],
  [["push"], "too many arguments"],
])("%j is a mistake, and nothing is written", async (args, words) => {
  const before = hostTree(folder);
  const ran = await assets(...args);
  expect([ran.exitCode, ran.err, hostTree(folder)]).toEqual([2, expect.stringContaining(words), before]);
});

test("a store of an unknown kind is a mistake, and nothing is built", async () => {
  write(".github/deploy.yml", "assets: { publish: 'ftp://host/x' }\n");
  const before = hostTree(folder);
  const ran = await assets();
  expect([ran.exitCode, ran.err, hostTree(folder)]).toEqual([
    2,
    expect.stringContaining("unknown scheme ftp"),
    before,
  ]);
});
