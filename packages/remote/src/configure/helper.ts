import { DeployError, type ServerFile } from "@deploy/core";
import { checkBase } from "../check.ts";
import { scripts } from "../scripts.gen.ts";

export interface HelperOptions {
  /** Absolute path at which it is installed. */
  readonly path: string;
  /** Who deploys. */
  readonly user: string;
  readonly base: string;
  /** Those that it writes, and no others. */
  readonly files: readonly ServerFile[];
}

/** What writes servers' files as root, for a person to install. */
export interface Helper {
  readonly script: string;
  /** For a file of its own in `/etc/sudoers.d`, whose names have no dots. */
  readonly sudoers: { readonly file: string; readonly line: string };
}

/** As `judge_<name>` of the helper knows them. */
const judges: Readonly<Record<string, string>> = { nginx: "nginx", "php-fpm": "fpm", systemd: "systemd" };

/** Throws `argument-refused` for what cannot stand in a script of root's. */
export function configureHelper({ path, user, base, files }: HelperOptions): Helper {
  const name = path.slice(path.lastIndexOf("/") + 1);
  for (const text of [path, user, checkBase(base), ...files.map(({ to }) => to)])
    if (!/^[A-Za-z0-9._@~/-]+$/.test(text))
      throw new DeployError("argument-refused", `cannot stand in a script for root: ${JSON.stringify(text)}`);
  const lines = files.map(({ kind, to }) => `${judges[kind] ?? kind} ${to}`);
  return {
    script: [
      "#!/bin/sh",
      `# ${path}: writes these files as root, for ${user}. Made by \`deploy configure-helper\`.`,
      `app='${name}' user='${user}' base='${base}'`,
      `files='${lines.join("\n")}'`,
      scripts.configureHelper,
    ].join("\n"),
    sudoers: {
      file: `/etc/sudoers.d/${name.replaceAll(".", "_")}`,
      line: `${user} ALL=(root) NOPASSWD: ${path} check, ${path} apply`,
    },
  };
}
