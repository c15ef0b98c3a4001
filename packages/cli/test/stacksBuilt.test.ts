import { expect, test } from "@jest/globals";
import { begun, type Files, key, npm } from "./begun.ts";

/** A project of one package, as its tool makes it. */
const builtBy = (name: string, scripts: object = {}, more: Files = {}): Files => ({
  "package.json": npm({ scripts: { build: "x", ...scripts }, dependencies: { [name]: "1", vite: "7" } }),
  "package-lock.json": '{ "lockfileVersion": 3, "packages": {} }',
  "key.pub": key,
  ...more,
});

test.each<readonly [string, Files, readonly unknown[]]>([
  [
    "Next",
    builtBy("next", { start: "next start" }),
    [".", [".next"], "node node_modules/.bin/next start --hostname 127.0.0.1", 1],
  ],
  [
    "Next with a server of its own",
    builtBy("next", { start: "node server.js" }),
    [".", [".next"], "node server.js", 1],
  ],
  [
    "Next, standalone",
    builtBy(
      "next",
      { start: "next start" },
      { "next.config.mjs": 'export default { output: "standalone" }' },
    ),
    [".next/standalone", undefined, "HOSTNAME=127.0.0.1 node server.js", 0],
  ],
  ["Nuxt", builtBy("nuxt"), [".output", undefined, "HOST=127.0.0.1 node server/index.mjs", 0]],
  ["SvelteKit", builtBy("@sveltejs/adapter-node"), [".", ["build"], "HOST=127.0.0.1 node build", 1]],
  [
    "React Router",
    builtBy("@react-router/serve", { start: "react-router-serve ./build/server/index.js" }),
    [".", ["build"], "HOST=127.0.0.1 node node_modules/.bin/react-router-serve build/server/index.js", 1],
  ],
  ["Nest", builtBy("@nestjs/core", { start: "nest start" }), [".", ["dist"], "node dist/main.js", 1]],
  [
    "a compiler's folder that git ignores",
    builtBy("fastify", { start: "node dist/server.js" }, { ".gitignore": "node_modules\n/dist/\n" }),
    [".", ["dist"], "node dist/server.js", 1],
  ],
  [
    "a compiler's folder that git knows",
    builtBy("fastify", { start: "node dist/server.js" }, { ".gitignore": "node_modules\n" }),
    [".", undefined, "node dist/server.js", 1],
  ],
])("%s: what its build makes is sent, and started", async (_, files, [source, built, start, prepares]) => {
  const { config, script } = await begun(files);
  expect([config.source, config.built, config.prepare.length]).toEqual([source, built, prepares]);
  expect(/^ExecStart=\/usr\/bin\/env (.*)$/m.exec(script)?.[1]).toBe(start);
});

test("Next's standalone server gets the files that Next leaves beside it, and its own packages go along", async () => {
  const standalone = { "next.config.ts": "const c = {\n  output: 'standalone',\n}", "public/x": "" };
  const { config } = await begun(builtBy("next", {}, standalone));
  expect([config.build.map(({ run }) => run), config.exclude]).toEqual([
    [
      "npm ci",
      "npm run build",
      "cp -R .next/static .next/standalone/.next/",
      "cp -R public .next/standalone/",
    ],
    [".env*"],
  ]);
});

test("Next that exports is pages", async () => {
  const { config } = await begun(
    builtBy("next", {}, { "next.config.js": "module.exports = { output: 'export' }" }),
  );
  expect([config.source, config.activate.service]).toEqual(["out", undefined]);
});

test.each([
  ["laravel/framework", "vite build"],
  ["symfony/framework-bundle", "encore production"],
])(
  "%s: its scripts and styles are built where it is packed, without a lock file too, and sent",
  async (name, build) => {
    const { config } = await begun({
      "composer.json": JSON.stringify({ require: { [name]: "*" } }),
      "package.json": npm({ scripts: { build } }),
      "key.pub": key,
    });
    expect([config.build.map(({ run }) => run), config.built]).toEqual([
      ["npm install --no-save", "npm run build"],
      ["public/build"],
    ]);
    expect(config.prepare[0]?.run).toMatch(/^composer install --no-dev /);
  },
);
