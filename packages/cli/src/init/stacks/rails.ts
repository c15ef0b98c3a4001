import { tells } from "@deploy/core";
import type { Repository } from "../repository.ts";
import { type Asked, ownUnit, port, type Stack, told } from "../stack.ts";

/** Started again by systemd: a Puma that keeps its connections needs a config outside of the releases (guide "services"). */
export const rails: Stack = {
  name: "rails",
  words: "Rails with Puma",
  found: (repository) => /^\s*gem ["']rails["']/m.test(repository.text("Gemfile")),
  recipe: (answers, repository) => ({
    exclude: ["/log/*", "/tmp/*", "/storage/*", "vendor/bundle", "node_modules", ".env*", "config/*.key"],
    build: [],
    prepare: [
      "bundle config set --local deployment true && bundle config set --local without development:test && bundle install --quiet",
      ...(repository.has("app/assets") ? [told("RAILS_ENV=production bin/rails assets:precompile")] : []),
    ],
    shared: { directories: ["log", "storage", "tmp/pids"], files: [".env", ...sqliteFile(repository)] },
    migrate: told("RAILS_ENV=production bin/rails db:migrate"),
    ...ownUnit(answers, `/usr/bin/env RAILS_ENV=production bundle exec puma -b tcp://127.0.0.1:${port}`),
    root: "public",
    behind: "port",
    packages: ["ruby:ruby-full", "bundle:ruby-bundler", "build-essential", "libyaml-dev", "nginx"],
    tells: tells.rails,
    asked: askedOf(repository),
    ...(repository.has("config/credentials.yml.enc")
      ? { settings: ["deploy env set RAILS_MASTER_KEY < config/master.key"] }
      : {}),
  }),
};

/** Where it was until Rails 7; since then it is below `storage`. */
function sqliteFile(repository: Repository): readonly string[] {
  const file = "db/production.sqlite3";
  return repository.text("config/database.yml").includes(file) ? [file] : [];
}

/** In production `/` is nobody's until somebody writes a page; skeletons since 7.1 have `/up`, and most send http away. */
function askedOf(repository: Repository): Asked {
  const path = /["']\/?up["']/.test(repository.text("config/routes.rb")) ? "/up" : "/";
  const secure = /^\s*config\.force_ssl = true/m.test(repository.text("config/environments/production.rb"));
  return { path, ...(secure ? { headers: ["X-Forwarded-Proto: https"] } : {}) };
}
