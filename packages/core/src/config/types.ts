/** The types of a Config and its parts; each is made by the schema of its section. */
export type { Health } from "./activate/health.ts";
export type { Pool, PoolKind, PoolOf } from "./activate/pool.ts";
export type { Rolling } from "./activate/rolling.ts";
export type { Service } from "./activate/service.ts";
export type { Assets, AssetsPublish } from "./assets/assets.ts";
export type { Backup, BackupSource, SourceConfig } from "./backup/backup.ts";
export type { DatabaseKind } from "./backup/databases.ts";
export type { Configure } from "./configure/configure.ts";
export type { ServerFile } from "./configure/file.ts";
export type { Host } from "./hosts/fleet.ts";
export type { Migrate } from "./migrate/migrate.ts";
export type { Config } from "./sections.ts";
export type { BuildCommand } from "./source/build.ts";
export type { Upload } from "./upload/upload.ts";
export type { HostCommand } from "./values/command.ts";
export type { Milliseconds } from "./values/duration.ts";
export type { StoreSettings } from "./values/store.ts";
