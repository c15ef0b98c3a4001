import { DeployError } from "@deploy/core";
import { type Repository, readRepository, type Stanza, stateTested } from "@deploy/package";

/** Signs, for who promotes, that this version's packages were tested here. Throws `index-foreign`, `package-missing`. */
export async function stateReleaseTested(
  { store, suite, signer, now }: Repository,
  version: string,
  by: string,
): Promise<readonly Stanza[]> {
  const found = await readRepository(store, suite, await signer.publicKey());
  const tested = found?.stanzas.filter((one) => one.version === version) ?? [];
  if (tested.length === 0)
    throw new DeployError("package-missing", `${store.location} does not have ${version}`);
  for (const { sha256, name } of tested)
    await stateTested(store, signer, { sha256, what: `${name} ${version}`, by, date: now() });
  return tested;
}
