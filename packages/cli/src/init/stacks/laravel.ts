import { tells } from "@deploy/core";
import { manifestAt, type Repository } from "../repository.ts";
import type { Stack } from "../stack.ts";

/** nginx passes the path behind the link, so that PHP serves the new release with its next request: nothing is reloaded. */
export const laravel: Stack = {
  name: "laravel",
  words: "Laravel with PHP-FPM",
  found: (repository) => manifestAt(repository, "composer.json").packages.includes("laravel/framework"),
  recipe: (_, repository) => ({
    exclude: ["vendor", "node_modules", "/storage/*", ".env*"],
    build: repository.has("package.json") ? ["npm ci", "npm run build"] : [],
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
