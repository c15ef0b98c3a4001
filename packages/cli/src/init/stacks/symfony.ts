import { tells } from "@deploy/core";
import { manifestAt } from "../repository.ts";
import { type Stack, told } from "../stack.ts";
import { assetsOf } from "./laravel.ts";

/** As Laravel behind nginx. Its `.env` is the server's own: what git holds of it are a desk's defaults. */
export const symfony: Stack = {
  name: "symfony",
  words: "Symfony with PHP-FPM",
  found: (repository) =>
    manifestAt(repository, "composer.json").packages.includes("symfony/framework-bundle"),
  recipe(_, repository) {
    const { packages } = manifestAt(repository, "composer.json");
    return {
      exclude: ["vendor", "node_modules", "/var/*", ".env*"],
      ...assetsOf(repository, "public/build"),
      prepare: [
        told("composer install --no-dev --no-interaction --quiet --optimize-autoloader"),
        told("php bin/console cache:clear"),
        ...(packages.includes("symfony/asset-mapper") ? [told("php bin/console asset-map:compile")] : []),
      ],
      shared: { directories: ["var/log"], files: [".env"] },
      ...(packages.includes("doctrine/doctrine-migrations-bundle")
        ? {
            migrate: told(
              "php bin/console doctrine:migrations:migrate --no-interaction --allow-no-migration",
            ),
          }
        : {}),
      root: "public",
      behind: "php",
      packages: ["php-fpm", "php-cli", "php-xml", "php-mbstring", "php-intl", "unzip", "composer", "nginx"],
      tells: tells.symfony,
      settings: [
        "echo prod | deploy env set APP_ENV",
        "openssl rand -hex 16 | deploy env set APP_SECRET",
        ...(packages.includes("doctrine/doctrine-bundle") ? ["deploy env set DATABASE_URL"] : []),
      ],
      left: [
        "`/` has to answer 200 for the health check: a new project without a page of its own answers 404.",
      ],
    };
  },
};
