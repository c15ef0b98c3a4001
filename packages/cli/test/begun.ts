import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseConfig } from "@deploy/core";
import { main } from "../src/index.ts";
import { newFolder } from "./folder.ts";
import { recordedIo } from "./io.ts";

export type Files = Readonly<Record<string, string>>;
export const npm = (more: object) => JSON.stringify({ name: "shop", ...more });

export function repositoryWith(files: Files): string {
  const folder = newFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

export async function deploy(cwd: string, ...args: readonly string[]) {
  const io = recordedIo({ cwd, env: { HOME: cwd } });
  return { code: await main(args, io), out: io.out(), err: io.err() };
}

export const key = `ssh-ed25519 ${"A".repeat(68)} deploy-shop`;
/** The config that `init` writes, the page beside it, and the script for the server where there is a key. */
export async function begun(files: Files) {
  const folder = repositoryWith(files);
  await deploy(folder, "init", "--hosts", "web1", "--app", "shop");
  const { out: script } = await deploy(folder, "init", "--server", "--key", "key.pub");
  const text = readFileSync(join(folder, ".github/deploy.yml"), "utf8");
  const config = parseConfig(text, { file: "deploy.yml", environment: "production" });
  return { config, script, page: readFileSync(join(folder, "DEPLOY.md"), "utf8") };
}
