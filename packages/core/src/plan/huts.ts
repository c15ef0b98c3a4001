import type { Config } from "../config/types.ts";
import { makeProblem, type Problem } from "../errors.ts";
import { kindOf } from "../steps/kinds.ts";
import { stepsOf } from "./stages.ts";
import type { Plan } from "./types.ts";
import { list } from "./words.ts";

/** Before anything is touched: what a plan wants of hosts that are reached for their files alone. */
export function checkHuts({ hosts }: Pick<Config, "hosts">, plan: Pick<Plan, "stages">): readonly Problem[] {
  const roads = new Map(hosts.map(({ name, via }) => [name, via] as const));
  return stepsOf(plan).flatMap((step) =>
    step.hosts.flatMap((host) => {
      const [via, hint] = [roads.get(host), kindOf(step).shell];
      if (via === undefined || hint === undefined) return [];
      const message = `${step.step} needs a shell, and ${host} is reached by ${via} alone`;
      return [makeProblem("hut-cannot", message, { hint, place: { host, step: step.id } })];
    }),
  );
}

/** Where visitors could read what is kept of earlier releases: a server of files alone may heed no `.htaccess`. */
export function warnExposed({ hosts, deployTo }: Pick<Config, "hosts" | "deployTo">): readonly string[] {
  const within = (root: string) => `${deployTo}/`.startsWith(root.replace(/\/*$/, "/"));
  const exposed = hosts.filter(({ documentRoot }) => documentRoot !== undefined && within(documentRoot));
  if (exposed.length === 0) return [];
  const where = list(exposed.map(({ name }) => name));
  return [
    `On ${where}, deploy-to lies in the document root: visitors can read earlier versions in .deploy unless the server heeds its .htaccess, as Apache does`,
  ];
}

/** What travels in the clear, to be seen before it does. */
export function warnPlain({ hosts }: Pick<Config, "hosts">): readonly string[] {
  const plain = hosts.filter(({ via }) => via === "ftp");
  if (plain.length === 0) return [];
  return [
    `${list(plain.map(({ name }) => name))}: by plain FTP. The password and every file go over the network unencrypted, and nothing proves that it is the server; \`via: ftps\` where the hoster has it`,
  ];
}
