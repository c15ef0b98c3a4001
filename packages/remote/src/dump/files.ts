import { checkPath } from "../check.ts";
import { scripts } from "../scripts.gen.ts";
import { checkAbsolute, refuse } from "./check.ts";
import type { Driver } from "./driver.ts";

/** Folders below `base`, which is absolute on the host. */
export interface FilesSource {
  readonly kind: "files";
  readonly base: string;
  readonly paths: readonly string[];
}

/** Folders below a base; a "database" is an absolute path of a folder that holds them. */
export const filesDriver: Driver<FilesSource> = {
  script: scripts.dumpFiles,
  source: ({ paths }, { shared }) => ({ kind: "files", base: shared(), paths }),
  args: ({ base, paths }) => [
    checkAbsolute(base),
    ...(paths.length > 0 ? paths.map(checkPath) : refuse("a list of folders", "")),
  ],
  name: checkAbsolute,
  // As the script names it in manifests: the first of them.
  nameOf: ({ base, paths }) => `${base}/${paths[0] ?? ""}`,
  placeOf: ({ base }) => base,
  form: "tar",
  tables: false,
};
