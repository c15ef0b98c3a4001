import { tells } from "@deploy/core";
import { ownUnit, port, type Stack } from "../stack.ts";

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
      ...(repository.has("app/assets") ? ["RAILS_ENV=production bin/rails assets:precompile"] : []),
    ],
    shared: { directories: ["log", "storage", "tmp/pids"], files: [".env", "config/master.key"] },
    migrate: "RAILS_ENV=production bin/rails db:migrate",
    ...ownUnit(answers, `/usr/bin/env RAILS_ENV=production bundle exec puma -b tcp://127.0.0.1:${port}`),
    root: "public",
    behind: "port",
    packages: ["ruby:ruby-full", "bundle:ruby-bundler", "build-essential", "libyaml-dev", "nginx"],
    tells: tells.rails,
  }),
};
