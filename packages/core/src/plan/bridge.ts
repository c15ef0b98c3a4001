import type { Config } from "../config/types.ts";
import { isWithin } from "../config/values/paths.ts";
import type { Bridge } from "./types.ts";

/** Undefined where there is nothing to take over: no assets, none named by content, or none that are packed. */
export function bridgeOf(config: Pick<Config, "assets" | "source" | "keepReleases">): Bridge | undefined {
  const { assets, source, keepReleases } = config;
  if (assets === undefined || assets.fingerprint === "none") return undefined;
  const folder = below(assets.output, source);
  // What is pruned has nothing to give: a host holds so many good releases when the new one comes.
  const releases = Math.min(assets.bridge, keepReleases + 1);
  return folder === undefined || releases < 2 ? undefined : { folder, releases };
}

/** The config has both relative to the repository, a release holds what lies below `source`. */
function below(path: string, source: string): string | undefined {
  if (source === ".") return path;
  if (path === source) return ".";
  return isWithin(path, source) ? path.slice(source.length + 1) : undefined;
}
