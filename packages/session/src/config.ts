import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Config, configFromInputs, DeployError, parseConfig, textDigest } from "@deploy/core";
import type { ConfigOptions } from "./types.ts";

/** Config of one environment: from the text given, the file, or the overrides alone. Throws DeployErrors, `config-missing`. */
export async function loadConfig(options: ConfigOptions): Promise<Config> {
  return (await digestedConfig(options)).config;
}

/** The same, and what tells that file from another: the SHA-256 of its text, where there is one. */
export async function digestedConfig(
  options: ConfigOptions,
): Promise<{ readonly config: Config; readonly configDigest?: string }> {
  const { configFile: file, environment, overrides } = options;
  const text = options.configText ?? (await readConfigText(options));
  if (text === undefined)
    return { config: configFromInputs({ ...overrides, environment: environment ?? overrides.environment }) };
  return { config: parseConfig(text, { file, environment, overrides }), configDigest: textDigest(text) };
}

/** The file's text; undefined where it is missing and nobody named it. */
export async function readConfigText(
  options: Pick<ConfigOptions, "configFile" | "configRequired" | "root">,
): Promise<string | undefined> {
  const { configFile: file } = options;
  try {
    return await readFile(resolve(options.root ?? ".", file), "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" && options.configRequired !== true) return undefined;
    throw new DeployError("config-missing", `The config file cannot be read (${code})`, {
      place: { file },
      cause: error,
    });
  }
}
