import { type Config, DeployError, type PackageConfig } from "@deploy/core";

/** What the config says of packages. Throws `package-unconfigured`. */
export function packageSection({ package: section }: Pick<Config, "package">): PackageConfig {
  if (section !== undefined) return section;
  throw new DeployError("package-unconfigured", "The config has no `package`");
}

/** Where they are published. Throws `package-unconfigured`. */
export function repositoryOf(section: PackageConfig) {
  if (section.store !== undefined) return section.store;
  throw new DeployError("package-unconfigured", "The config's `package` names no `repository`");
}
