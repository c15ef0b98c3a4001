import {
  type ConfigOverrides,
  configFromInputs,
  DeployErrors,
  formatConfigProblem,
  parseConfig,
} from "@deploy/core";

/** The lines a person would read, or the config. */
export function outcome<T>(read: () => T): T | readonly string[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof DeployErrors) return error.problems.map(formatConfigProblem);
    throw error;
  }
}

export function parse(text: string, overrides: ConfigOverrides = {}) {
  return outcome(() => parseConfig(text, { file: "deploy.yml", overrides }));
}

export function inputs(overrides: ConfigOverrides) {
  return outcome(() => configFromInputs(overrides));
}

/** A whole file around the part a test is about. */
export function around(part: string): string {
  return `app: shop\ndeploy-to: /srv/shop\n${part}\nenvironments: { production: { hosts: [deploy@web1] } }\n`;
}

/** The config that `around("")` is. */
export const plain = {
  app: "shop",
  environment: "production",
  source: ".",
  exclude: [],
  allowCredentials: [],
  build: [],
  deployTo: "/srv/shop",
  shared: { directories: [], files: [] },
  keepReleases: 5,
  leader: "web1",
  hosts: [{ name: "web1", address: "web1", port: 22, username: "deploy", roles: [] }],
  prepare: [],
  activate: { strategy: "all", reload: [] },
};
