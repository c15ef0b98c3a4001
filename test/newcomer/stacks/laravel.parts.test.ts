import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { login, type Newcomer, newcomer } from "./newcomer.ts";

/** A project laid out as Laravel's own, around a framework of some lines: Packagist is nothing that CI reaches. */
const files = {
  "composer.json": `{ "name": "ada/shop", "require": { "laravel/framework": "*" },
    "repositories": [{ "type": "path", "url": "framework" }, { "packagist.org": false }] }`,
  "framework/composer.json": '{ "name": "laravel/framework", "version": "12.0.0" }',
  "config/database.php": "<?php return ['default' => env('DB_CONNECTION', 'sqlite')];",
  // As Laravel's own, without a lock file; git ignores what it makes.
  "package.json": `{ "private": true, "type": "module", "scripts": { "build": "vite build" }, "devDependencies": { "vite": "^7" } }`,
  "vite.config.js": `export default { publicDir: false, build: { outDir: "public/build", manifest: true, rollupOptions: { input: "resources/js/app.js" } } };`,
  "resources/js/app.js": 'document.title = "built";',
  ".gitignore": "/node_modules\n/public/build\n/vendor\n.env\n",
  "bootstrap/app.php": "<?php // ->withRouting(health: '/up')",
  artisan: `<?php
if ($argv[1] === "key:generate") echo "base64:a2V5\\n";
if ($argv[1] === "migrate") (new PDO("sqlite:" . __DIR__ . "/database/database.sqlite"))->exec("create table visits (at text)");
`,
  "public/index.php": `<?php
require __DIR__ . "/../vendor/autoload.php";
$data = new PDO("sqlite:" . dirname(__DIR__) . "/database/database.sqlite");
$data->exec("insert into visits values ('now')");
foreach (["logs/laravel.log", "framework/views/page.php", "framework/sessions/one"] as $path)
  if (file_put_contents(dirname(__DIR__) . "/storage/$path", "x") === false) http_response_code(500);
echo trim(file_get_contents(dirname(__DIR__) . "/.env")), " ", $data->query("select count(*) from visits")->fetchColumn();
`,
};

needs(
  "sshd",
  "ip",
  "systemctl",
  "findmnt",
  "nginx",
  "curl",
  "php",
  "php-fpm8.2",
  "composer",
)("Laravel's layout", () => {
  let person: Newcomer;
  beforeAll(async () => {
    person = await newcomer();
    for (const [path, text] of Object.entries(files))
      await person.type(`mkdir -p "$(dirname ${path})" && cat > ${path} <<'EOF'\n${text}\nEOF`);
    await person.type("git init -qb main");
  });
  afterAll(() => person?.close());

  test("the first deploy serves: PHP writes where Laravel does, and reads what only the server knows", async () => {
    const key = `php artisan key:generate --show | deploy env set APP_KEY ${login}`;
    expect(await person.begin("Laravel's layout", key)).toMatchObject({
      result: "deployed",
      migrated: "yes",
    });
    expect(await person.page("/up")).toMatch(/^APP_KEY='base64:a2V5' \d+$/);
    const manifest = JSON.parse(await person.page("/build/.vite/manifest.json"));
    expect(await person.page(`/build/${manifest["resources/js/app.js"].file}`)).toContain("built");
  });
});
