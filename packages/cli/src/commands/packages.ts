import { mkdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Config, DeployError, dataSize, Secret } from "@deploy/core";
import {
  fingerprintOf,
  makeCertificate,
  prune,
  publish,
  readRepository,
  renderSources,
} from "@deploy/package";
import { loadConfig } from "@deploy/session";
import { buildPackages, offered, openPackages, packageSigner } from "@deploy/session/packages";
import { configOptions } from "../database.ts";
import { reading } from "../failure.ts";
import { foldersFor } from "../io.ts";
import type { PackageOptions, PackOptions } from "../options.ts";
import { withPacked } from "../pack.ts";
import type { Context } from "./context.ts";

/** Who we are to AWS: the standard chain. */
export const identity = { sessionName: "deploy" } as const;

/** Builds and packs this folder, and writes its packages; publishes them where `to` says so. */
export async function packageCommand(
  to: "build" | "publish",
  options: PackageOptions & PackOptions,
  context: Context,
): Promise<number> {
  const { io, screen } = context;
  const { config, open } = await openEnvironment(options, context);
  // The key is asked for before minutes of building.
  const repository = to === "publish" ? await open() : undefined;
  const folder = resolve(io.calledIn ?? io.cwd, options.out ?? "dist");
  try {
    await mkdir(folder, { recursive: true });
    const written = await withPacked(config, { ...options, written: true }, context, async ({ artifact }) =>
      buildPackages({ config, packed: (await artifact).directory, root: io.cwd, to: folder }),
    );
    for (const { file, size, sha256 } of written) screen.say(`${file}  ${dataSize(size)}  ${sha256}`);
    const published = repository === undefined ? undefined : await publish(repository, written.map(offered));
    if (published !== undefined) {
      const said = published.changed ? "Published in" : "Was published already in";
      screen.say(`${said} ${repository?.store.location}, suite ${repository?.suite}`);
    }
    screen.answer({ schema: 1, packages: written, ...(published === undefined ? {} : { published }) });
    return 0;
  } finally {
    repository?.store.close();
  }
}

/** Prints what hosts need to trust this environment's packages: its certificate, alone or in the file for apt. */
export async function packageKeyCommand(options: PackageOptions, context: Context): Promise<number> {
  const { screen, now } = context;
  const { config, signer } = await openEnvironment(options, context);
  const named = `${config.app} ${config.environment} packages`;
  const { armored, fingerprint } = await makeCertificate(
    await signer(),
    named,
    Math.floor(now.getTime() / 1000),
  );
  const { url, suite = "stable" } = config.package ?? {};
  const sources = url === undefined ? undefined : renderSources({ url, suite, certificate: armored });
  screen.say(armored.trimEnd());
  screen.say(`Fingerprint: ${fingerprint}`);
  if (sources !== undefined) {
    screen.say(
      `\n/etc/apt/sources.list.d/${config.app.toLowerCase()}.sources, on every host:\n\n${sources.trimEnd()}`,
    );
  }
  screen.answer({
    schema: 1,
    certificate: armored,
    fingerprint,
    ...(sources === undefined ? {} : { sources }),
  });
  return 0;
}

/** Lists what the repository's index names. */
export async function packageListCommand(options: PackageOptions, context: Context): Promise<number> {
  const { screen } = context;
  const { open } = await openEnvironment(options, context);
  const { store, suite, signer } = await open();
  try {
    const key = await signer.publicKey();
    const found = await readRepository(store, suite, key);
    if (found === undefined)
      throw new DeployError("index-missing", `There is no repository in ${store.location}, suite ${suite}`);
    for (const { name, version, architecture, size } of found.stanzas) {
      screen.say(`${name}  ${version}  ${architecture}  ${dataSize(size)}`);
    }
    screen.say(`Signed by ${fingerprintOf(key)}, ${found.release.date.toISOString()}`);
    screen.answer({ schema: 1, packages: found.stanzas, date: found.release.date, index: found.digest });
    return 0;
  } finally {
    store.close();
  }
}

/** Takes old releases out of the index, and out of the store what none names any more. */
export async function packagePruneCommand(options: PackageOptions, context: Context): Promise<number> {
  const { screen } = context;
  const { config, open } = await openEnvironment(options, context);
  const repository = await open();
  try {
    const { keep = 20, keepFor } = config.package ?? {};
    // Ids of releases begin with their time.
    const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
    const pruned = await prune(repository, { keep, ...(keepFor === undefined ? {} : { keepFor }), compare });
    screen.say(`${pruned.left.length} left the index, ${pruned.removed.length} objects were removed`);
    screen.answer({ schema: 1, ...pruned });
    return 0;
  } finally {
    repository.store.close();
  }
}

/** The config of one environment, and with a key its repository. */
export async function openEnvironment(options: PackageOptions, { io }: Context) {
  const config: Config = await reading(() => loadConfig({ ...configOptions(options, io), overrides: {} }));
  const signer = async () => packageSigner(await signingKey(options, io));
  return { config, signer, open: async () => openPackages(config, await signer(), identity, foldersFor(io)) };
}

/** By a file or by the environment: never on the command line, which every process list shows. */
async function signingKey({ signingKey: file }: PackageOptions, { env, calledIn, cwd }: Context["io"]) {
  if (file === undefined) return env.DEPLOY_PACKAGE_KEY ? new Secret(env.DEPLOY_PACKAGE_KEY) : undefined;
  try {
    return new Secret(await readFile(resolve(calledIn ?? cwd, file), "utf8"));
  } catch (cause) {
    throw new DeployError("signing-key", `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
