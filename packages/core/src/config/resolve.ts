import { resolveAssets } from "./assets.ts";
import { resolveBackup } from "./backup.ts";
import type { Settings } from "./schema.ts";
import type { Settled } from "./settle.ts";
import type { Config, Health, HostCommand, Migrate } from "./types.ts";
import { resolveUpload } from "./upload.ts";

type Activate = NonNullable<Settings["activate"]>;
type RawCommand = NonNullable<Settings["prepare"]>[number];

/** The Config of settled settings without problems: defaults filled in, camelCase, frozen all through. */
export function resolve({ settings, hosts, leader }: Settled, environment: string): Config {
  const { app = "", url, backup, migrate, upload, "keep-for": keepFor, activate = {} } = settings;
  const config: Config = {
    app,
    environment,
    ...(url === undefined ? {} : { url }),
    source: settings.source ?? ".",
    exclude: settings.exclude ?? [],
    build: settings.build ?? [],
    deployTo: settings["deploy-to"] ?? "",
    shared: { directories: settings.shared?.directories ?? [], files: settings.shared?.files ?? [] },
    keepReleases: settings["keep-releases"] ?? 5,
    leader,
    hosts,
    prepare: (settings.prepare ?? []).map(toCommand),
    ...(backup === undefined ? {} : { backup: resolveBackup(backup) }),
    ...(migrate === undefined ? {} : { migrate: toMigrate(migrate) }),
    ...(settings.assets === undefined ? {} : { assets: resolveAssets(settings.assets) }),
    ...(upload === undefined ? {} : { upload: resolveUpload(upload) }),
    ...(keepFor === undefined ? {} : { keepFor }),
    activate: {
      strategy: "all",
      reload: (activate.reload ?? []).map(toCommand),
      ...(activate.health === undefined ? {} : { health: toHealth(activate.health) }),
    },
  };
  return deepFreeze(config);
}

function toCommand(raw: RawCommand): HostCommand {
  if (typeof raw === "string") return { run: raw, roles: [] };
  return { run: raw.run, roles: raw.roles ?? [], ...toEnvFile(raw["env-file"]) };
}

function toMigrate(given: NonNullable<Settings["migrate"]>): Migrate {
  const raw: Exclude<typeof given, string> = typeof given === "string" ? { run: given } : given;
  const { timeout, "silence-timeout": silenceTimeout } = raw;
  return {
    run: raw.run,
    ...toEnvFile(raw["env-file"]),
    onCancel: raw["on-cancel"] ?? "keep",
    grace: raw.grace ?? 10_000,
    silence: raw.silence ?? 300_000,
    ...(raw.diagnose === undefined ? {} : { diagnose: raw.diagnose }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(silenceTimeout === undefined ? {} : { silenceTimeout }),
  };
}

function toEnvFile(envFile: string | undefined): { envFile?: string } {
  return envFile === undefined ? {} : { envFile };
}

function toHealth(raw: NonNullable<Activate["health"]>): Health {
  return {
    url: raw.url,
    status: raw.status ?? 200,
    expectRelease: raw["expect-release"] ?? true,
    within: raw.within ?? 30_000,
    interval: raw.interval ?? 1000,
    passes: raw.passes ?? 1,
    roles: raw.roles ?? [],
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
