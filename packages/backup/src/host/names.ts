import { DeployError } from "@deploy/core";
import type { Source } from "@deploy/remote";

/** What servers take as a name, in bytes. */
const longest = 63;

/** What the database is called where it lives: its name, its file, its folder; for a command nobody knows. */
export function nameOf(source: Source): string {
  switch (source.kind) {
    case "postgres":
    case "mysql":
    case "mariadb":
      return source.server.name;
    case "sqlite":
      return source.path;
    case "files":
      // As the script names it in manifests: the first of them.
      return `${source.base}/${source.paths[0] ?? ""}`;
    case "command":
      throw new DeployError("restore-refused", "A dump of a command has no database that we could name");
  }
}

/** A name beside it, such as `shop_deploy_verify_7f3a`; cut in front where a server would cut it behind. */
export function besideName(source: Source, purpose: string, suffix: string): string {
  const tail = `_${purpose}_${suffix}`;
  const name = nameOf(source);
  return "server" in source ? `${cutBytes(name, longest - tail.length)}${tail}` : `${name}${tail}`;
}

function cutBytes(text: string, most: number): string {
  let cut = text;
  while (Buffer.byteLength(cut) > most) cut = [...cut].slice(0, -1).join("");
  return cut;
}
