import { DeployError } from "@deploy/core";
import type { P256Key } from "@deploy/sign";
import type { Store } from "@deploy/store";
import type { Stanza } from "../apt/stanza.ts";
import type { Fields } from "../control/fields.ts";
import { gather } from "../through.ts";
import { type Offered, type Published, publish, type Repository } from "./publish.ts";
import { hex, readRepository } from "./read.ts";
import { readTested, type Tested } from "./tested.ts";

/** Where packages come from, and whose signature counts there. */
export interface Source {
  readonly store: Store;
  readonly suite: string;
  readonly key: P256Key;
}

export interface Promoted extends Published {
  readonly tested: readonly Tested[];
}

/**
 * Brings all packages of one version from a repository to the next: the same bytes, under the next one's signature. Nothing is written before all of them
 * are there, are those that the source's key signed, and were tested. Throws `index-missing`, `package-missing`, `not-tested`, and as `publish`
 * does. `untested`: promote without the statement.
 */
export async function promote(
  from: Source,
  to: Repository,
  { version, untested = false }: { readonly version: string; readonly untested?: boolean },
): Promise<Promoted> {
  const found = await readRepository(from.store, from.suite, from.key);
  if (found === undefined) {
    throw new DeployError(
      "index-missing",
      `There is no repository of ${from.suite} in ${from.store.location}`,
    );
  }
  const wanted = found.stanzas.filter((one) => one.version === version);
  if (wanted.length === 0) throw missing(from, `version ${version}`);
  const tested: Tested[] = [];
  if (!untested) {
    for (const { sha256, name } of wanted) {
      tested.push(await readTested(from.store, from.key, sha256, `${name} ${version}`));
    }
  }
  const offered: Offered[] = [];
  for (const one of wanted) offered.push(await fetchOne(from, one));
  return { ...(await publish(to, offered)), tested };
}

async function fetchOne(from: Source, stanza: Stanza): Promise<Offered> {
  const body = await from.store
    .read(stanza.file)
    .then(gather)
    .catch((cause: unknown) => {
      throw cause instanceof DeployError && cause.problem.code === "object-missing"
        ? missing(from, stanza.file, cause)
        : cause;
    });
  if (hex(body) !== stanza.sha256) throw missing(from, `${stanza.file} as its index names it`);
  return { fields: controlOf(stanza), body, size: stanza.size, sha256: stanza.sha256 };
}

function missing({ store }: Source, what: string, cause?: unknown): DeployError {
  return new DeployError("package-missing", `${store.location} does not have ${what}`, { cause });
}

/** The fields without those that the repository added. */
function controlOf({ fields }: Stanza): Fields {
  const { Filename, Size, SHA256, ...control } = fields;
  return control;
}
