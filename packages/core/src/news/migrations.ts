/** Where frameworks keep migrations, one file each, by path. */
const places: Readonly<Record<string, RegExp>> = {
  Rails: /(?:^|\/)db\/(?:\w+_)?migrate\/\d+_[^/]+\.rb$/,
  Django: /(?:^|\/)migrations\/\d{4}_[^/]+\.py$/,
  Laravel: /(?:^|\/)database\/migrations\/(?:[^/]+\/)*[^/]+\.php$/,
  Doctrine: /(?:^|\/)migrations\/(?:\d{4}\/)?Version\d+\.php$/i,
  Alembic: /(?:^|\/)(?:alembic|migrations)\/versions\/[^/]+\.py$/,
  Flyway: /(?:^|\/)(?:db\/migration|migrations?|sql)\/(?:[^/]+\/)*[VUR][\d._]*__[^/]+\.sql$/,
  Liquibase: /(?:^|\/)(?:db\/changelog|changelogs?)\/(?:[^/]+\/)*[^/]+\.(?:sql|xml|ya?ml|json)$/,
  Prisma: /(?:^|\/)prisma\/(?:schema\/)?migrations\/[^/]+\/migration\.sql$/,
  Ecto: /(?:^|\/)priv\/[^/]+\/migrations\/\d+_[^/]+\.exs$/,
  /** Knex, Sequelize, TypeORM, MikroORM; TypeScript's declarations are none. */
  Node: /(?:^|\/)migrations?\/(?:Migration)?\d{8,}[^/]*(?<!\.d)\.[cm]?[jt]s$/,
  /** Drizzle, golang-migrate, goose, sqlx, dbmate. */
  numbered: /(?:^|\/)(?:db\/)?(?:migrations?|drizzle)\/(?:[^/]+\/)*\d{3,}[_-][^/]+\.(?:sql|go)$/,
};

/** Packages bring migrations of their own, which are not this repository's to read. */
const packages = /(?:^|\/)(?:node_modules|vendor|site-packages|\.?venv)\//;

/** Those of the paths that are migrations, as the usual frameworks name them. */
export function migrationsAmong(paths: readonly string[]): readonly string[] {
  return paths.filter(
    (path) => !packages.test(path) && Object.values(places).some((place) => place.test(path)),
  );
}
