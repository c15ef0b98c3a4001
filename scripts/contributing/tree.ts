import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { listFiles } from "../lib/files.ts";
import { root } from "../lib/root.ts";
import type { Tree } from "./count.ts";

const kinds = /\.(ts|mjs|sh|yml|json|md)$/;
/** Tests name what they try, and so do the kit that they are made of, the lists of them, and the page about all of this. */
const aside =
  /\/(node_modules|dist|test)\/|^packages\/testkit\/|^scripts\/(contributing\/|lib\/(turns\.ts|longestFirst\.mjs)$)|\.gen\.ts$/;

/** Sources of packages, actions, workflows and scripts, the rows of suites, and the page that lists the actions. */
export function readTree(): Tree {
  const packages = readdirSync(join(root, "packages")).flatMap((name) => [
    `packages/${name}/src`,
    `packages/${name}/scripts`,
  ]);
  const actions = readdirSync(join(root, "actions")).map((name) => `actions/${name}`);
  const pages = actions.flatMap((folder) =>
    ["action.yml", "README.md", "package.json"].map((file) => `${folder}/${file}`),
  );
  // Not the whole folder of an action: its node_modules lead everywhere.
  const sources = [...packages, ...actions.map((folder) => `${folder}/src`), ".github/workflows", "scripts"]
    .flatMap(filesIn)
    .concat(pages)
    .filter((path) => kinds.test(path) && !aside.test(path));
  const suites = ["test/backup/drivers"].flatMap(filesIn);
  const paths = [...sources, ...suites, "README.md"].sort();
  return new Map(paths.map((path) => [path, writtenByHand(readFileSync(join(root, path), "utf8"))]));
}

/** The names of a suite's rows. */
export function rowsOf(folder: string): readonly string[] {
  return listFiles(join(root, folder)).map((file) => file.replace(".parts.test.ts", ""));
}

function filesIn(folder: string): readonly string[] {
  return listFiles(join(root, folder)).map((file) => `${folder}/${file}`);
}

/** Without the inputs and tables that are generated: nobody touches those. */
function writtenByHand(text: string): string {
  return text
    .replace(/^inputs:\n {2}# Written by .*?^outputs:/ms, "outputs:")
    .replaceAll(/^<!-- (\w+) -->\n.*?^<!-- \/\1 -->/gms, "");
}
