import { compareManifests, migrationsAmong } from "@deploy/core";
import { expect, test } from "@jest/globals";

const file = (path: string, digest: string, mode = "644") => `f\t${mode}\t10\t${digest}\t${path}\n`;

test("files and links that are new, other, or gone; a folder is neither", () => {
  const live = `d\t755\t-\t-\tbin\n${file("a", "1")}${file("b", "1")}${file("run", "1")}l\t-\t-\t-\tl\ta\n${file("old", "1")}`;
  const planned = `d\t755\t-\t-\tlib\n${file("a", "1")}${file("b", "2")}${file("run", "1", "755")}l\t-\t-\t-\tl\tb\n${file("new", "1")}`;
  expect(compareManifests(live, planned)).toEqual({
    added: ["new"],
    changed: ["b", "run", "l"],
    removed: ["old"],
    files: 5,
  });
});

test("what a host says instead of a manifest is no file", () => {
  expect(compareManifests("<html>\n\tx\ty\n", file("a", "1"))).toMatchObject({ added: ["a"], removed: [] });
});

test.each([
  ["Rails", "db/migrate/20261129211200_add_votes.rb"],
  ["Rails, a second database", "db/cable_migrate/20261129211200_add_votes.rb"],
  ["Django", "polls/migrations/0003_question_votes.py"],
  ["Laravel", "database/migrations/2026_11_29_211200_add_votes.php"],
  ["Doctrine", "migrations/Version20261129211200.php"],
  ["Alembic", "alembic/versions/3a1b_add_votes.py"],
  ["Alembic of Flask", "migrations/versions/3a1b_add_votes.py"],
  ["Flyway", "src/main/resources/db/migration/V3__add_votes.sql"],
  ["Flyway, repeatable", "db/migration/R__views.sql"],
  ["Liquibase", "src/main/resources/db/changelog/003-votes.yaml"],
  ["Prisma", "prisma/migrations/20261129211200_votes/migration.sql"],
  ["Ecto", "priv/repo/migrations/20261129211200_add_votes.exs"],
  ["Knex, Sequelize", "migrations/20261129211200-add-votes.js"],
  ["TypeORM", "src/migrations/1764450720000-AddVotes.ts"],
  ["Drizzle", "drizzle/0003_add_votes.sql"],
  ["golang-migrate", "migrations/000003_add_votes.up.sql"],
])("a migration of %s is one", (_, path) => {
  expect(migrationsAmong([path])).toEqual([path]);
});

test.each([
  "polls/migrations/__init__.py",
  "polls/models.py",
  "db/schema.rb",
  "prisma/schema.prisma",
  "src/migrations/1764450720000-AddVotes.d.ts",
  "docs/migrations/0001_guide.md",
  ".venv/lib/python3.11/site-packages/django/contrib/auth/migrations/0001_initial.py",
  "vendor/laravel/x/database/migrations/2026_11_29_211200_add_votes.php",
  "node_modules/x/migrations/20261129211200-add-votes.js",
])("%s is none", (path) => {
  expect(migrationsAmong([path])).toEqual([]);
});
