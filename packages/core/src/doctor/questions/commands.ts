import { hostsWith } from "../../plan/fleet.ts";
import type { Asked } from "./question.ts";

/** Commands of the config that this host runs, as they stand there. */
export function commandsOn({ config, host }: Pick<Asked, "config" | "host">): readonly string[] {
  const { prepare, migrate, activate, leader } = config;
  const asked = [...prepare, ...activate.reload, ...(activate.diagnose ?? [])]
    .filter(({ roles }) => hostsWith(config, roles).includes(host))
    .map(({ run }) => run);
  return migrate === undefined || host !== leader ? asked : [...asked, migrate.run];
}

/** Each command of a line by itself, what is quoted left empty, without the variables that it begins with; what a shell would have to take apart is left out. */
export function simpleCommands(run: string): readonly string[] {
  return run
    .replace(/'[^']*'|"(?:\\.|[^"\\])*"/g, "''")
    .split(/&&|\|\||[;\n|]/)
    .map((part) => part.trim().replace(/^(?:[A-Za-z_]\w*=\S*\s+)+/, ""))
    .filter((part) => /^[A-Za-z0-9_][\w.+-]*(?:\s|$)/.test(part));
}

export const programOf = (command: string): string => command.split(/\s/, 1)[0] ?? "";
