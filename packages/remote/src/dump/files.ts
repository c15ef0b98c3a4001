import { checkPath } from "../check.ts";
import { scripts } from "../scripts.gen.ts";
import { checkAbsolute, refuse } from "./check.ts";
import type { Driver } from "./driver.ts";

/** Folders below a base; a "database" is an absolute path of a folder that holds them. */
export const filesDriver: Driver<"files"> = {
  script: scripts.dumpFiles,
  args: ({ base, paths }) => [
    checkAbsolute(base),
    ...(paths.length > 0 ? paths.map(checkPath) : refuse("a list of folders", "")),
  ],
  name: checkAbsolute,
};
