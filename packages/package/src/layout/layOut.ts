import type { PackedTree } from "@deploy/artifact";
import { DeployError } from "@deploy/core";
import { type Fields, fieldValue, packageName, packageVersion } from "../control/fields.ts";
import { type Item, textItem } from "../deb/item.ts";
import type { DebSpec } from "../deb/write.ts";
import { documents } from "./documents.ts";
import { plainScripts, pointerScripts, releaseScripts } from "./scripts.ts";
import type { PackageSettings } from "./settings.ts";

export type { Layout, PackageSettings } from "./settings.ts";

/**
 * The packages of a release, in the order in which they are written: `releases` makes one that installs beside all others and one that
 * says which is live, `plain` a single one. Throws `package-invalid`.
 */
export function layOut(tree: PackedTree, settings: PackageSettings): readonly DebSpec[] {
  const name = packageName(settings.app);
  if (!/^(\/[^/\s]+){2,}$/.test(settings.deployTo)) {
    const said = `deploy-to is ${JSON.stringify(settings.deployTo)}: packages need an absolute folder of their own`;
    throw new DeployError("package-invalid", said);
  }
  return settings.layout === "plain" ? [plain(name, tree, settings)] : releases(name, tree, settings);
}

function releases(name: string, tree: PackedTree, settings: PackageSettings): readonly DebSpec[] {
  const { deployTo, release, shared, mtime } = settings;
  // Capitals are no part of a package's name; the version keeps them.
  const own = packageName(`${name}-${release}`);
  const root = `${deployTo.slice(1)}/releases/${release}`;
  const links = [...shared.directories, ...shared.files].map((path): Item => {
    const up = "../".repeat(path.split("/").length + 1);
    return { type: "link", path: `${root}/${path}`, target: `${up}shared/${path}` };
  });
  const payload: DebSpec = {
    fields: control(own, settings, settings.depends, "the files of one release"),
    items: [...treeItems(tree, root), ...links, ...documents(own, settings, overrides(settings))],
    scripts: releaseScripts(settings),
    mtime,
  };
  const parts = pointerItems(name, settings);
  // apt takes away what it installed by itself and nothing needs: the release to go back to.
  const guard = textItem(
    `etc/apt/apt.conf.d/60${name}`,
    `APT::NeverAutoRemove { "^${name.replace(/[.+]/g, "[$&]")}-[0-9]"; };\n`,
  );
  const pointer: DebSpec = {
    fields: control(name, settings, [`${own} (= ${release})`], "which of its releases is live"),
    items: [...parts.items, guard, ...documents(name, settings, [])],
    conffiles: [...parts.conffiles, `/${guard.path}`],
    scripts: pointerScripts(settings, parts.unit),
    mtime,
  };
  return [payload, pointer];
}

function plain(name: string, tree: PackedTree, settings: PackageSettings): DebSpec {
  const parts = pointerItems(name, settings);
  return {
    fields: control(name, settings, settings.depends, "all its files, in one place"),
    items: [
      ...treeItems(tree, settings.deployTo.slice(1)),
      ...parts.items,
      ...documents(name, settings, overrides(settings)),
    ],
    conffiles: parts.conffiles,
    scripts: plainScripts(settings, parts.unit),
    mtime: settings.mtime,
  };
}

function pointerItems(name: string, { unit, configFiles = {} }: PackageSettings) {
  const config = Object.entries(configFiles).map(([path, text]) => textItem(`etc/${path}`, text));
  const service = `${name}.service`;
  return {
    items: [...config, ...(unit === undefined ? [] : [textItem(`usr/lib/systemd/system/${service}`, unit)])],
    conffiles: config.map(({ path }) => `/${path}`),
    unit: unit === undefined ? undefined : service,
  };
}

function treeItems({ entries, data }: PackedTree, root: string): readonly Item[] {
  return entries.map((entry): Item => {
    const path = `${root}/${entry.path}`;
    return entry.type === "file" ? { ...entry, path, data: () => data(entry) } : { ...entry, path };
  });
}

function control(name: string, settings: PackageSettings, depends: readonly string[], what: string): Fields {
  const { app, architecture, maintainer, release, summary } = settings;
  const needs = depends.map((one) => fieldValue("depends", one)).join(", ");
  return {
    Package: name,
    Version: packageVersion(release),
    Architecture: architecture,
    Maintainer: fieldValue("maintainer", maintainer),
    ...(needs === "" ? {} : { Depends: needs }),
    Section: "web",
    Priority: "optional",
    Description: `${fieldValue("summary", summary)}\n${app}, release ${release}: ${what}.`,
  };
}

/** Where the app lies is the administrator's choice. */
function overrides({ deployTo }: PackageSettings): readonly string[] {
  return deployTo.startsWith("/opt/") ? ["dir-or-file-in-opt"] : [];
}
