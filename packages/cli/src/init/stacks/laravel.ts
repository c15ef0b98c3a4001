import { tells } from "@deploy/core";
import { manifestAt, type Repository } from "../repository.ts";
import type { Recipe, Stack } from "../stack.ts";
import { managerOf } from "./node.ts";

/** Pages' own scripts and styles, compiled where it is packed; a new project has no lock file yet. */
export function assetsOf(repository: Repository, makes: string): Pick<Recipe, "build" | "built"> {
  if (manifestAt(repository, "package.json").scripts.build === undefined) return { build: [] };
  const manager = managerOf(repository);
  return { build: [manager.all, `${manager.run} build`], built: [makes] };
}

/** nginx passes the path behind the link, so that PHP serves the new release with its next request: nothing is reloaded. */
export const laravel: Stack = {
  name: "laravel",
  words: "Laravel with PHP-FPM",
  found: (repository) => manifestAt(repository, "composer.json").packages.includes("laravel/framework"),
  recipe: (_, repository) => ({
    exclude: ["vendor", "node_modules", "/storage/*", ".env*"],
    ...assetsOf(repository, "public/build"),
    prepare: [
      "composer install --no-dev --no-interaction --quiet --optimize-autoloader",
      "php artisan config:cache",
      "php artisan view:cache",
    ],
    shared: {
      directories: [
        "storage/app",
        "storage/logs",
        "storage/framework/sessions",
        "storage/framework/views",
        "storage/framework/cache/data",
      ],
      files: [".env", ...sqliteFile(repository)],
    },
    migrate: "php artisan migrate --force",
    root: "public",
    behind: "php",
    packages: [
      "php-fpm",
      "php-cli",
      "php-xml",
      "php-mbstring",
      "php-curl",
      "php-sqlite3",
      // Composer's own way to open what it fetches.
      "unzip",
      "composer",
      "nginx",
    ],
    tells: tells.laravel,
    asked: { path: /health: *["']\/up["']/.test(repository.text("bootstrap/app.php")) ? "/up" : "/" },
    settings: ["php artisan key:generate --show | deploy env set APP_KEY"],
  }),
};

/** New projects keep their data in it since Laravel 11. */
function sqliteFile(repository: Repository): readonly string[] {
  const sqlite = /env\(["']DB_CONNECTION["'], *["']sqlite["']\)/.test(repository.text("config/database.php"));
  return sqlite ? ["database/database.sqlite"] : [];
}
