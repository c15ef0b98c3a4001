import type { Config } from "../config/types.ts";
import type { Remark } from "./remark.ts";

/** What is tried in one environment and runs in another only where both do the same. */
const compared: Readonly<Record<string, (config: Config) => unknown>> = {
  prepare: ({ prepare }) => prepare.map(({ run }) => run),
  migrate: ({ migrate }) => migrate?.run,
  "backup.database": ({ backup }) => backup?.database,
  "shared.files": ({ shared }) => shared.files,
  "shared.directories": ({ shared }) => shared.directories,
  "activate.reload": ({ activate }) => activate.reload.map(({ run }) => run),
  "activate.service": ({ activate }) => activate.service?.map(({ kind }) => kind),
  "activate.health": ({ activate }) => activate.health !== undefined,
};

/** An environment of which inputs say the rest. */
interface NotWhole {
  readonly environment: string;
  readonly problem: string;
}

/** How other environments of the config differ from this one in what a deploy does; nothing where it is the only one. */
export function environmentRemarks(
  config: Config,
  others: readonly (Config | NotWhole)[],
): readonly Remark[] {
  return others.map((other): Remark => {
    if ("problem" in other) {
      const text = `${other.environment} is not whole in the file (${other.problem}): it is not compared`;
      return { level: "unknown", about: "environments", text };
    }
    const keys = Object.entries(compared)
      .filter(([, of]) => JSON.stringify(of(config)) !== JSON.stringify(of(other)))
      .map(([key]) => key);
    const about = "environments";
    if (keys.length === 0)
      return { level: "ok", about, text: `${other.environment} deploys as ${config.environment} does` };
    const text = `${other.environment} has another ${keys.join(", ")}: what works there is not proved for ${config.environment}`;
    return { level: "warn", about, text, fix: `say ${keys[0]} once, above \`environments\`` };
  });
}
