import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";

const guide = readFileSync(new URL("../../docs/guides/services.md", import.meta.url), "utf8");

/** What the guide "services" shows for this framework, by the first line of its block. */
function snippet(framework: string): string {
  const [, code] = guide.match(new RegExp(`\`\`\`\\w+\\n((?:#|//) ${framework}\\b[^]*?)\`\`\``)) ?? [];
  if (code === undefined) throw new Error(`the guide shows nothing for ${framework}`);
  return code;
}

// Each asks twice, and the file changes in between: what was loaded is said again.
const rack = `require "rack"
app, = Rack::Builder.parse_file("config.ru")
2.times do
  puts app.call(Rack::MockRequest.env_for("/up"))[1]["X-Release"]
  File.write("RELEASE", "another")
end
`;
const django = `import django, pathlib
from django.conf import settings
settings.configure(BASE_DIR=pathlib.Path("."), ROOT_URLCONF="urls", ALLOWED_HOSTS=["*"])
django.setup()
from django.test import Client
for _ in range(2):
    print(Client().get("/up")["X-Release"])
    pathlib.Path("RELEASE").write_text("another")
`;
/** Rails and Laravel themselves are no part of the tests: what the snippets ask of them stands here. */
const rails = `require "pathname"
module Rails; def self.root = Pathname("."); end
load "release.rb"
$app = nil
def get(_, to:) = $app = to
eval File.read("release.rb")[/routes.rb: (.*)/, 1]
2.times do
  puts $app.call({})[1]["X-Release"]
  File.write("RELEASE", "another")
end
`;
const laravel = `<?php
class Answer { function header($_, $release) { echo "$release\\n"; } }
class Route { static $app; static function get($_, $app) { self::$app = $app; } }
function response($_) { return new Answer; }
`;
const askLaravel = `foreach ([1, 2] as $_) (Route::$app)();
`;
/** Express itself is no part of the tests: what the snippet asks of it stands here. */
const express = `let route;
const app = { get: (_, handler) => { route = handler; } };
const answer = { set: (_, release) => (console.log(release), answer), send: () => {} };
`;
const askExpress = `for (const _ of [1, 2]) {
  route({}, answer);
  require("node:fs").writeFileSync("RELEASE", "another");
}
`;

needs(
  "rackup",
  "django-admin",
  "php",
)("the release as it was loaded, by the guide's own snippets", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "deploy-snippets-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ["Rails", "release.rb", ["ruby", "ask"], rails, (code: string) => code],
    [
      "Laravel",
      "routes/web.php",
      ["php", "routes/web.php"],
      "",
      (code: string) => `${laravel}${code}${askLaravel}`,
    ],
    ["Rack", "config.ru", ["ruby", "ask"], rack, (code: string) => code],
    ["Django", "urls.py", ["/usr/bin/python3", "ask"], django, (code: string) => code],
    [
      "Express",
      "app.js",
      [process.execPath, "app.js"],
      "",
      (code: string) => `${express}${code}${askExpress}`,
    ],
  ])("%s", (framework, file, argv, ask, made) => {
    const at = join(folder, framework, "20261121T084450Z-4f2a91c");
    mkdirSync(dirname(join(at, file)), { recursive: true });
    writeFileSync(join(at, "RELEASE"), "20261121T084450Z-4f2a91c\n");
    writeFileSync(join(at, file), made(snippet(framework)));
    writeFileSync(join(at, "ask"), ask);
    const [program = "", ...args] = argv;
    const said = execFileSync(program, args, { cwd: at, encoding: "utf8" });
    expect(said).toBe("20261121T084450Z-4f2a91c\n20261121T084450Z-4f2a91c\n");
  });
});
