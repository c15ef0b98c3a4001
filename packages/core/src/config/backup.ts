import type { RawBackup } from "./backupSchema.ts";
import { type BackupOverrides, backupTargets } from "./overrides.ts";
import { backup as schema } from "./schema.ts";
import { parseSection, type SectionOptions } from "./section.ts";
import { toStore } from "./store.ts";
import type { Backup, BackupKeeping, BackupSource } from "./types.ts";

/**
 * The `backup:` of a config file with inputs laid over it; no file is needed, nor hosts. Undefined where neither says
 * anything. Throws DeployErrors with every problem.
 */
export function parseBackup(
  text: string | undefined,
  options: SectionOptions<BackupOverrides>,
): Backup | undefined {
  return parseSection(text, options, {
    key: "backup",
    schema,
    targets: backupTargets,
    resolve: resolveBackup,
  });
}

/** Defaults filled in. */
export function resolveBackup(raw: RawBackup): Backup {
  return { ...toSource(raw), ...toKeeping(raw) };
}

function toSource(raw: RawBackup): BackupSource {
  switch (raw.database) {
    case "sqlite":
      return { database: raw.database, path: raw.path };
    case "files":
      return { database: raw.database, paths: raw.paths };
    case "command": {
      const { database, run, verify, restore } = raw;
      return { database, run, verify, ...(restore === undefined ? {} : { restore }) };
    }
    default:
      return {
        database: raw.database,
        urlSecret: raw["url-secret"] ?? "DATABASE_URL",
        ...(raw.globals === true ? { globals: true } : {}),
      };
  }
}

function toKeeping(raw: RawBackup): BackupKeeping {
  const { store, level, "keep-for": keepFor } = raw;
  return {
    ...(store === undefined ? {} : { store: toStore(store, raw) }),
    encryptTo: raw["encrypt-to"] ?? [],
    from: raw.from ?? "leader",
    proof: raw.database === "command" ? "read" : (raw.verify ?? "read"),
    compression: raw.compression ?? "auto",
    ...(level === undefined ? {} : { level }),
    minimum: raw["minimum-size"] ?? 64,
    keep: raw.keep ?? 14,
    ...(keepFor === undefined ? {} : { keepFor }),
  };
}
