import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Config, DeployErrors, makeProblem, type Problem, strayPlaceholders } from "@deploy/core";

/** Servers' files of a folder that is about to be packed: what they ask for is known, or no host is asked. Throws `config-placeholder`, `config-missing`. */
export async function checkPlaceholders({ configure }: Config, root: string): Promise<void> {
  const paths = [...new Set((configure?.files ?? []).map(({ from }) => from))];
  const problems = (await Promise.all(paths.map((path) => strayIn(root, path)))).flat();
  if (problems.length > 0) throw new DeployErrors(problems);
}

async function strayIn(root: string, path: string): Promise<readonly Problem[]> {
  const text = await readFile(join(root, path), "utf8").catch(() => undefined);
  if (text === undefined)
    return [makeProblem("config-missing", `${path}, which \`configure\` names, is not in what is packed`)];
  return strayPlaceholders(text).map(({ text: found, line }) =>
    makeProblem("config-placeholder", `${found} is none that deploy knows`, { place: { path, line } }),
  );
}
