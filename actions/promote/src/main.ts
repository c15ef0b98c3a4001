import { type ActionContext, type ActionResult, runAction, storeIdentity } from "@deploy/action-kit";
import { count, DeployError } from "@deploy/core";
import { promote, readRepository } from "@deploy/package";
import { loadConfig } from "@deploy/session";
import { openPackages, openSource, packageSigner } from "@deploy/session/packages";
import { type Inputs, inputs, readInputs } from "./inputs.ts";

await runAction({ inputs, read: readInputs, main: bring });

/** Brings one version's packages to another environment's repository: the same bytes, signed anew, and only what was tested. */
async function bring(inputs: Inputs, context: ActionContext): Promise<ActionResult> {
  const [named, version] = [needed("from", inputs.from), needed("version", inputs.version)];
  const root = context.github.workspace;
  const where = { root, folders: "below" } as const;
  const [from, to] = await Promise.all([
    loadConfig({ ...inputs.settings, environment: named, root }),
    loadConfig({ ...inputs.settings, root }),
  ]);
  const identity = storeIdentity(inputs.keys, context);
  const target = openPackages(to, packageSigner(inputs.signingKey), identity, where);
  const source = await openSource(from, identity, where);
  const { untested, dryRun } = inputs;
  try {
    if (dryRun) {
      const found = await readRepository(source.store, source.suite, source.key);
      const there = found?.stanzas.filter((one) => one.version === version) ?? [];
      return resultOf(
        version,
        `${count(there.length, "package")} of ${version} would be promoted`,
        "planned",
      );
    }
    const promoted = await promote(source, target, { version, untested });
    for (const { what, by } of promoted.tested) context.log.text(`Tested: ${what}, by ${by}`);
    const headline = `${version}: ${named} -> ${to.environment}, ${count(promoted.stanzas.length, "package")}`;
    return resultOf(version, headline, "prepared", promoted);
  } finally {
    source.store.close();
    target.store.close();
  }
}

/** There is no config that could say these. */
function needed(name: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new DeployError("input-missing", `The input ${name} is required and empty`, {
    place: { path: `input ${name}` },
  });
}

function resultOf(
  version: string,
  headline: string,
  result: "planned" | "prepared",
  { index, changed }: { readonly index: string; readonly changed: boolean } = { index: "", changed: false },
): ActionResult {
  return { result, headline, outputs: { version, index, changed: String(changed) } };
}
