import { join, resolve } from "node:path";
import type { Setting } from "../compile/setting.ts";
import { findTargets } from "../tools/browsers.ts";
import { findTools } from "../tools/find.ts";
import { refuseOwnTools } from "../tools/own.ts";
import { projectFolders } from "../tools/project.ts";
import type { BuildOptions } from "../types.ts";

/** Looks up the tools, the browsers and the load paths; loads no compiler. */
export async function makeSetting(options: BuildOptions, warn: (text: string) => void): Promise<Setting> {
  const root = resolve(options.root);
  const source = resolve(options.source);
  const folders = projectFolders(root, source);
  const targets = await findTargets(folders);
  const { minify, sourceMaps, html } = options;
  const tools = findTools(folders, warn);
  if (options.ownCode === false && options.compile !== false) refuseOwnTools(tools);
  return {
    root,
    source,
    search: listSearch(options, folders),
    minify,
    sourceMaps,
    html,
    tools,
    ownCode: options.ownCode !== false,
    ...(targets && { targets }),
  };
}

/** After the importing file's own folder: the source folder, the load paths, then `node_modules` up to the repository. */
function listSearch(
  { source, root, loadPaths }: BuildOptions,
  folders: readonly string[],
): readonly string[] {
  const modules = folders.map((folder) => join(folder, "node_modules"));
  return [...new Set([resolve(source), ...loadPaths.map((path) => resolve(root, path)), ...modules])];
}
