import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { detect } from "../src/init/detect.ts";
import { repositoryAt } from "../src/init/repository.ts";
import { begun, deploy, type Files, key, npm, repositoryWith } from "./begun.ts";

/** What each framework's own skeleton has at its root. */
const skeletons: Readonly<Record<string, Files>> = {
  express: {
    "package.json": npm({ scripts: { start: "node ./bin/www" }, dependencies: { express: "4" } }),
    "package-lock.json": "{}",
  },
  next: {
    "package.json": npm({
      scripts: { build: "next build", start: "next start" },
      dependencies: { next: "15" },
    }),
    "pnpm-lock.yaml": "",
  },
  plain: { "server.js": "", "package.json": npm({}) },
  vite: {
    "package.json": npm({ scripts: { dev: "vite", build: "vite build" }, devDependencies: { vite: "7" } }),
    "index.html": "",
  },
  page: { "index.html": "<p>hello" },
  django: {
    "manage.py": "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')",
    "shop/settings.py": "STATIC_ROOT = BASE_DIR / 'static'\n",
    "requirements.txt": "Django==5.2",
    "package.json": npm({ scripts: { build: "vite build" }, devDependencies: { vite: "7" } }),
  },
  flask: { "app.py": "", "requirements.txt": "Flask==3.1" },
  rails: { Gemfile: 'gem "rails", "~> 8.0"\n', "app/assets/x": "", "package.json": npm({}) },
  laravel: {
    "composer.json": '{"require":{"laravel/framework":"^12"}}',
    "package.json": npm({ scripts: { build: "vite build" } }),
  },
  symfony: { "composer.json": '{"require":{"symfony/framework-bundle":"7.3.*"}}' },
  go: { "go.mod": "module shop" },
};
const expected: Readonly<Record<string, string>> = {
  ...{ express: "node", next: "node", plain: "node", vite: "static", page: "static" },
};

test.each(Object.entries(skeletons))(
  "%s: the config is one, and the server's script is a shell's",
  async (name, files) => {
    expect(detect(repositoryAt(repositoryWith(files)))?.name).toBe(expected[name] ?? name);
    const folder = repositoryWith(files);
    const begun = await deploy(
      folder,
      "init",
      "--app",
      "shop",
      "--hosts",
      "web1.example.com,ada@web2.example.com:2222",
      "--domain",
      "shop.example.com",
    );
    expect([begun.code, begun.err]).toEqual([0, ""]);
    const text = readFileSync(join(folder, ".github/deploy.yml"), "utf8");
    const config = parseConfig(text, { file: "deploy.yml", environment: "production" });
    expect(config.hosts.map(({ username, name: host }) => `${username}@${host}`)).toEqual([
      "deploy@web1.example.com",
      "ada@web2.example.com:2222",
    ]);
    expect(config.activate.health).toBeDefined();
    writeFileSync(join(folder, "key.pub"), `${key}\n`);
    const { code, out } = await deploy(
      folder,
      "init",
      "--server",
      "--key",
      "key.pub",
      "--domain",
      "shop.example.com",
    );
    expect(code).toBe(0);
    execFileSync("sh", ["-n"], { input: out });
    expect(out).toContain("server_name shop.example.com;");
    const page = readFileSync(join(folder, "DEPLOY.md"), "utf8");
    expect(page).toContain("ssh -p 2222 root@web2.example.com sh < prepare-server.sh");
    expect(page).toMatch(
      /`npx @org\/deploy plan-key --environment production ~\/.ssh\/plan-[\w.-]+\.pub` prints/,
    );
  },
);

test("a Node server is started by itself where its script is one, not by npm", async () => {
  const started = async (scripts: object, more: Files = {}) => {
    const folder = repositoryWith({
      "package.json": npm({ scripts, dependencies: { a: "1" } }),
      "key.pub": key,
      ...more,
    });
    await deploy(folder, "init", "--hosts", "web1", "--app", "shop");
    const { out } = await deploy(folder, "init", "--server", "--key", "key.pub");
    return out.match(/^ExecStart=(.*)$/m)?.[1];
  };
  expect(await started({ start: "node ./bin/www" })).toBe("/usr/bin/env node ./bin/www");
  expect(await started({ start: "NODE_ENV=x node a && b" })).toBe("/usr/bin/env npm start");
  expect(await started({}, { "server.js": "" })).toBe("/usr/bin/env node server.js");
});

test("a Django project's own SQLite file outlives its releases", async () => {
  const settings = "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}\n";
  const folder = repositoryWith({
    "manage.py": "('DJANGO_SETTINGS_MODULE', 'shop.settings')",
    "shop/settings.py": settings,
  });
  await deploy(folder, "init", "--hosts", "web1", "--app", "shop");
  const text = readFileSync(join(folder, ".github/deploy.yml"), "utf8");
  const { shared, prepare } = parseConfig(text, { file: "deploy.yml", environment: "production" });
  expect(shared.files).toEqual([".env", "db.sqlite3"]);
  expect(prepare.map(({ run }) => run)).toContain(".venv/bin/pip install --quiet django gunicorn");
});

test("a new Rails: its own page of health, asked as by a proxy with TLS, and the key of its credentials", async () => {
  const { config, page } = await begun({
    Gemfile: 'gem "rails", "~> 7.2"\n',
    "config/routes.rb": 'get "up" => "rails/health#show", as: :rails_health_check\n',
    "config/environments/production.rb": "  config.force_ssl = true\n",
    "config/credentials.yml.enc": "x",
  });
  expect(config.activate.health).toMatchObject({
    url: "http://127.0.0.1:8080/up",
    headers: ["X-Forwarded-Proto: https"],
  });
  expect(config.migrate).toMatchObject({ envFile: ".env" });
  expect(page).toMatch(
    /^npx @org\/deploy env set RAILS_MASTER_KEY --identity-file \S+ --known-hosts \S+ < config\/master.key$/m,
  );
});

test("an older Rails' own SQLite file outlives its releases", async () => {
  const { config, page } = await begun({
    Gemfile: 'gem "rails"\n',
    "config/database.yml": "production:\n  database: db/production.sqlite3\n",
  });
  expect(config.shared.files).toEqual([".env", "db/production.sqlite3"]);
  expect(page).toContain(
    "outlives releases in `/var/www/shop/shared/db/production.sqlite3`: each server has its own.",
  );
  expect([config.activate.health?.url, page.includes("RAILS_MASTER_KEY")]).toEqual([
    "http://127.0.0.1:8080/",
    false,
  ]);
});

test("a new Laravel: its own page of health, its SQLite file, and PHP as the user who deploys", async () => {
  const files = {
    "composer.json": '{"require":{"laravel/framework":"^12"}}',
    "bootstrap/app.php": "health: '/up',",
    "config/database.php": "'default' => env('DB_CONNECTION', 'sqlite'),",
    "key.pub": key,
  };
  const { config, page } = await begun(files);
  expect(config.activate.health?.url).toBe("http://127.0.0.1/up");
  expect(config.shared.files).toEqual([".env", "database/database.sqlite"]);
  expect(page).toContain("php artisan key:generate --show | npx @org/deploy env set APP_KEY --identity-file");
  const folder = repositoryWith(files);
  await deploy(folder, "init", "--hosts", "web1", "--app", "shop");
  const { out } = await deploy(folder, "init", "--server", "--key", "key.pub");
  expect(out).toContain("user = deploy\ngroup = deploy\nlisten = /run/php/shop.sock\n");
});

test("pages are sent without what a deploy is made with", async () => {
  const { config } = await begun({ "index.html": "" });
  expect(config.exclude).toEqual([".github", "/DEPLOY.md", "/prepare-server.sh", "/known_hosts.deploy"]);
});

test("a Django for a desk is told what visitors would meet", async () => {
  const manage = "('DJANGO_SETTINGS_MODULE', 'shop.settings')";
  const settings = "DEBUG = True\nALLOWED_HOSTS = []\nSECRET_KEY = 'django-insecure-x'\n";
  const { page } = await begun({ "manage.py": manage, "shop/settings.py": settings });
  expect(page.match(/^- `[A-Z_]+/gm)).toEqual(["- `ALLOWED_HOSTS", "- `DEBUG", "- `SECRET_KEY"]);
  const { page: settled } = await begun({ "manage.py": manage, "shop/settings.py": "DEBUG = False\n" });
  expect(settled).not.toContain("Before visitors come");
});

test("run again it keeps what is there, and goes on with the hosts and the app that are named in it", async () => {
  const folder = repositoryWith({ "go.mod": "module shop", "key.pub": key });
  await deploy(folder, "init", "--hosts", "ada@web7.example.com", "--app", "first");
  const again = await deploy(folder, "init", "--hosts", "other.example.com", "--app", "second");
  expect(again.out).toContain("kept  .github/deploy.yml\n");
  const { out } = await deploy(folder, "init", "--server", "--key", "key.pub");
  expect(out).toContain("install -d -m 755 -o ada -g ada /var/www/first /var/www/first/shared\n");
});

test.each([
  [["init", "--hosts", "a@@b"], "config-invalid"],
  [["init", "--domain", "x;id"], "input-invalid"],
  [["init", "--app", "My App"], "input-invalid"],
  [["init", "--stack", "cobol"], "input-invalid"],
  [["init", "--server"], "config-missing"],
])("%j is refused, and nothing is written", async (args, code) => {
  const folder = repositoryWith({ "go.mod": "module shop" });
  const said = await deploy(folder, ...args);
  expect([said.code, said.err]).toEqual([2, expect.stringContaining(code)]);
  expect(existsSync(join(folder, ".github"))).toBe(false);
});

test.each([
  ["", "holds no public key"],
  ["ssh-ed25519 AAAA' ; id #", "holds no public key"],
  ["-----BEGIN OPENSSH PRIVATE KEY-----", "holds no public key"],
])("a key such as %j gets into no script", async (text, why) => {
  const folder = repositoryWith({ "go.mod": "module shop", "key.pub": text });
  await deploy(folder, "init", "--hosts", "web1", "--app", "shop");
  const { code, err } = await deploy(folder, "init", "--server", "--key", "key.pub");
  expect([code, err]).toEqual([2, expect.stringContaining(why)]);
});
