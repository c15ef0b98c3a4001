import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/root.ts";

const folder = join(root, ".github", "workflows");
const called = /^ {2}workflow_call:$/m;

/** The workflows that others call: name and text. Our own CI stands beside them and is not released. */
export function calledWorkflows(): ReadonlyMap<string, string> {
  const texts = readdirSync(folder)
    .sort()
    .map((name) => [name, readFileSync(join(folder, name), "utf8")] as const);
  return new Map(texts.filter(([, text]) => called.test(text)));
}

const gate = "      actions: read # ask whether the run that holds the lock is over\n";

/**
 * The workflow that may ask for an OIDC token, for stores whose config names a `role`. A file of its own: GitHub refuses
 * a call where the caller does not grant all that the called file asks for. Throws where the text is not as expected.
 */
export function oidcTwin(text: string): string {
  const parts = text.split(gate);
  if (parts.length !== 3)
    throw new Error("deploy.yml: the permissions of the jobs that change hosts are not where they were");
  return parts
    .join(`${gate}      id-token: write # assume the role of the stores\n`)
    .replace("            id-token=false\n", "            id-token=true\n")
    .replace("/deploy.yml@v1\n", "/deploy-oidc.yml@v1, and grant id-token: write as well\n")
    .replace("name: Deploy\n", "name: Deploy, with a role\n");
}
