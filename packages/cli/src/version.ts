import { readFileSync } from "node:fs";

/** What this command was published as; its bundle lies two folders below the package's own file. */
export function version(): string {
  try {
    const file = new URL("../../package.json", import.meta.url);
    return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  } catch {
    return "from its sources";
  }
}
