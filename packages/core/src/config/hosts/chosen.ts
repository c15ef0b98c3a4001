import { DeployErrors, makeProblem } from "../../errors.ts";
import { show } from "../values/text.ts";
import type { Host } from "./fleet.ts";
import { hostNamed } from "./named.ts";
import { checkRoles, hasRole } from "./roles.ts";

/** Which hosts a person means; roles and names in one word, `web,worker`. */
export interface Choice {
  readonly all?: boolean;
  readonly roles?: string;
  readonly hosts?: string;
}

interface Fleet {
  readonly leader: string;
  readonly hosts: readonly Host[];
}

/** Those that are named or have one of the roles; `otherwise` where nothing was chosen. Throws `argument-refused`. */
export function chosenHosts(
  { leader, hosts }: Fleet,
  { all = false, ...choice }: Choice,
  otherwise: "leader" | "all",
): readonly Host[] {
  const [names, roles] = [wordsOf(choice.hosts), wordsOf(choice.roles)];
  const problems = [
    ...names.map((name) => hostNamed(name, hosts)).filter((found) => "message" in found),
    ...checkRoles([{ roles, path: ["roles"] }], hosts),
  ].map(({ message, hint }) => makeProblem("argument-refused", message, hint === undefined ? {} : { hint }));
  if (problems.length > 0) throw new DeployErrors(problems);
  if (names.length === 0 && roles.length === 0)
    return all || otherwise === "all" ? hosts : hosts.filter(({ name }) => name === leader);
  const named = names.map((name) => hostNamed(name, hosts));
  const chosen = hosts.filter(
    (host) => (names.length === 0 || named.includes(host)) && (roles.length === 0 || hasRole(host, roles)),
  );
  if (chosen.length > 0) return chosen;
  const message = `none of ${names.join(", ")} has the role ${roles.map(show).join(" or ")}`;
  throw new DeployErrors([makeProblem("argument-refused", message)]);
}

/** What people call hosts in front of a line: `web1` for web1.example.com, where no other is called so. */
export function shortNames(hosts: readonly Pick<Host, "name" | "address">[]): ReadonlyMap<string, string> {
  const short = ({ name, address }: Pick<Host, "name" | "address">): string =>
    /^[\d.]+$|:/.test(address) || name !== address ? name : (address.split(".")[0] ?? name);
  const all = hosts.map(short);
  return new Map(
    hosts.map((host, index) => {
      const mine = all[index] ?? host.name;
      return [host.name, all.indexOf(mine) === all.lastIndexOf(mine) ? mine : host.name];
    }),
  );
}

const wordsOf = (text = ""): readonly string[] => text.split(/[\s,]+/).filter((word) => word !== "");
