import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Where a program is: on PATH, in sbin, or where `go install` puts it; undefined where it is not. */
export function which(program: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const go = [process.env.GOBIN, join(process.env.GOPATH ?? join(homedir(), "go"), "bin")];
  return [...folders, ...go, "/usr/sbin", "/sbin"]
    .filter((folder) => folder !== undefined && folder !== "")
    .map((folder) => join(folder as string, program))
    .find(isRunnable);
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
