import { DeployError } from "@deploy/core";
import { driverOf, type Source } from "@deploy/remote";

/** What the database is called where it lives: its name, its file, its folder. Throws `restore-refused` where nobody knows. */
export function nameOf(source: Source): string {
  const name = driverOf(source.kind).nameOf?.(source);
  if (name !== undefined) return name;
  throw new DeployError("restore-refused", `A dump of a ${source.kind} has no database that we could name`);
}

/** A name beside it, such as `shop_deploy_verify_7f3a`; cut in front where a server would cut it behind. */
export function besideName(source: Source, purpose: string, suffix: string): string {
  const tail = `_${purpose}_${suffix}`;
  const { longestName = Number.POSITIVE_INFINITY } = driverOf(source.kind);
  return `${cutBytes(nameOf(source), longestName - tail.length)}${tail}`;
}

function cutBytes(text: string, most: number): string {
  let cut = text;
  while (Buffer.byteLength(cut) > most) cut = [...cut].slice(0, -1).join("");
  return cut;
}
