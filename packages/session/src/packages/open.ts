import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Identity } from "@deploy/aws";
import { type Config, DeployError, type Secret } from "@deploy/core";
import {
  type Offered,
  type Repository,
  readCertificate,
  type Source,
  type WrittenDeb,
} from "@deploy/package";
import { pemSigner, type Signer } from "@deploy/sign";
import type { Folders } from "@deploy/store";
import { openConfigured } from "../store.ts";
import { packageSection, repositoryOf } from "./section.ts";

/** The key of this environment. Throws `signing-key`. */
export function packageSigner(given: Secret | undefined): Signer {
  if (given !== undefined) return pemSigner(given);
  throw new DeployError("signing-key", "No key to sign with was given");
}

/** The repository that the config names. Its store is the caller's to close. Throws `package-unconfigured`, `store-folder`. */
export function openPackages(config: Config, signer: Signer, identity: Identity, where: Folders): Repository {
  const section = packageSection(config);
  const { store } = openConfigured(repositoryOf(section), identity, where);
  const { suite, validFor } = section;
  return {
    store,
    signer,
    suite,
    origin: `${config.app} ${config.environment}`.trim(),
    ...(validFor === undefined ? {} : { validFor }),
    now: () => new Date(),
    pause: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  };
}

/** A package that was written, as `publish` takes it. */
export function offered(deb: WrittenDeb): Offered {
  return { ...deb, body: { file: deb.file, size: deb.size } };
}

/** The same of an environment that is promoted from: its certificate is a file of the project. Throws `signing-key` where it is none. */
export async function openSource(
  config: Config,
  identity: Identity,
  where: Folders & { readonly root: string },
): Promise<Source> {
  const section = packageSection(config);
  const { certificate, suite } = section;
  const text =
    certificate === undefined ? "" : await readFile(join(where.root, certificate), "utf8").catch(() => "");
  const key = readCertificate(text);
  if (key === undefined) {
    const said =
      certificate === undefined
        ? "`package` names no `certificate`"
        : `${certificate} is no certificate of ours`;
    throw new DeployError("package-unconfigured", `${config.environment}: ${said}`);
  }
  return { store: openConfigured(repositoryOf(section), identity, where).store, suite, key };
}
