import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { configOf } from "../../packages/cli/src/init/config.ts";
import { detect } from "../../packages/cli/src/init/detect.ts";
import type { Repository } from "../../packages/cli/src/init/repository.ts";
import {
  poolText,
  siteOf,
  siteText,
  sudoersLine,
  unitOf,
  unitText,
} from "../../packages/cli/src/init/server.ts";
import type { Answers, Recipe } from "../../packages/cli/src/init/stack.ts";
import { between } from "../lib/markdown.ts";
import { root } from "../lib/root.ts";
import { type Files, skeletons } from "../lib/skeletons.ts";

const recipes = "docs/guides/recipes";
const prepare = "docs/guides/prepare-a-server.md";
const answers: Answers = {
  app: "shop",
  deployTo: "/var/www/shop",
  domain: "shop.example.com",
  user: "deploy",
};
const hosts = ["deploy@web1.example.com", "deploy@web2.example.com"];

/** The recipes' pages, and the one about servers, with what `deploy init` makes of a new project in their marks, so that it is written once. */
export async function generate(): Promise<Map<string, string>> {
  const names = [...readdirSync(join(root, recipes)).map((name) => join(recipes, name)), prepare];
  const pages = names.map((name) => {
    const text = readFileSync(join(root, name), "utf8");
    const marks = [...text.matchAll(/^<!-- (init (\w+) (\w+)) -->$/gm)];
    const filled = marks.reduce(
      (page, [, mark = "", skeleton = "", part = ""]) => between(page, mark, partOf(skeleton, part)),
      text,
    );
    return [name, filled] as const;
  });
  return new Map(pages);
}

function partOf(skeleton: string, part: string): string {
  const repository = repositoryOf(skeletons[skeleton] ?? {});
  const stack = detect(repository);
  if (stack === undefined) throw new Error(`nothing is known of ${skeleton}`);
  const recipe = stack.recipe(answers, repository);
  const parts: Readonly<Record<string, () => string>> = {
    config: () => fenced("yaml", short(configOf(answers, hosts, stack.words, recipe))),
    server: () => serverOf(recipe),
    health: () => `In ${recipe.tells.file}:\n\n${fenced("", recipe.tells.code)}`,
    unit: () => fenced("sh", recipe.unit === undefined ? "" : unitOf(answers, recipe.unit)),
    site: () => fenced("sh", siteOf(answers, recipe)),
    settings: () => fenced("sh", (recipe.settings ?? []).join("\n")),
  };
  const make = parts[part];
  if (make === undefined) throw new Error(`a recipe has no part "${part}"`);
  return make();
}

/** What stands on a server, file by file. */
function serverOf(recipe: Recipe): string {
  const { unit, behind } = recipe;
  const place = unit?.of === "system" ? "/etc/systemd/system" : "~deploy/.config/systemd/user";
  return [
    ...(unit === undefined ? [] : [`\`${place}/shop.service\`:\n`, fenced("ini", unitText(answers, unit))]),
    ...(unit?.of === "system" ? ["`/etc/sudoers.d/deploy-shop`:\n", fenced("", sudoersLine(answers))] : []),
    ...(behind === "php" ? ["`/etc/php/8.2/fpm/pool.d/shop.conf`:\n", fenced("ini", poolText(answers))] : []),
    "`/etc/nginx/sites-available/shop`:\n",
    fenced("nginx", siteText(answers, recipe)),
  ].join("\n");
}

const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text.trim()}\n\`\`\`\n`;

/** Without the notes, which are for whoever has the file alone. */
const short = (config: string): string =>
  config
    .replaceAll(/^ *#.*\n/gm, "")
    .replaceAll(/ +#.*$/gm, "")
    .replaceAll(/\n\n+/g, "\n");

function repositoryOf(files: Files): Repository {
  return { has: (path) => path in files, text: (path) => files[path] ?? "" };
}
