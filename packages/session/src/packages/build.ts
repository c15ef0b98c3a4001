import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { openTree } from "@deploy/artifact";
import { type Config, DeployError, mintReleaseId } from "@deploy/core";
import { layOut, packageName, type WrittenDeb, writeDeb } from "@deploy/package";
import { packageSection } from "./section.ts";

export interface BuildRequest {
  readonly config: Config;
  /** What `packRelease` filled. */
  readonly packed: string;
  /** Of the project: what the config names is relative to it. */
  readonly root: string;
  /** Folder that the packages are written to; must exist. */
  readonly to: string;
}

/**
 * The packages of a packed release. Their version is the release's id, by the commit's time: the same commit is the same package.
 * Throws `package-unconfigured`, `package-invalid`, `artifact-missing`, `artifact-damaged`.
 */
export async function buildPackages({
  config,
  packed,
  root,
  to,
}: BuildRequest): Promise<readonly WrittenDeb[]> {
  const { unit, licence, configFiles, store: _, ...section } = packageSection(config);
  const { app, deployTo, shared } = config;
  const tree = await openTree(packed);
  try {
    const { mtime, commit } = tree;
    const read = (path: string | undefined) => (path === undefined ? undefined : readText(root, path));
    const [unitText, licenceText] = await Promise.all([read(unit), read(licence)]);
    const config = await Promise.all(
      configFiles.map(
        async (path) => [`${packageName(app)}/${basename(path)}`, await readText(root, path)] as const,
      ),
    );
    const release = mintReleaseId(new Date(mtime * 1000), commit);
    const more = {
      ...(unitText === undefined ? {} : { unit: unitText }),
      ...(licenceText === undefined ? {} : { licence: licenceText }),
      configFiles: Object.fromEntries(config),
    };
    const written: WrittenDeb[] = [];
    for (const spec of layOut(tree, { ...section, ...more, app, deployTo, shared, release, mtime })) {
      const { Package, Version, Architecture } = spec.fields;
      written.push(await writeDeb(spec, join(to, `${Package}_${Version}_${Architecture}.deb`)));
    }
    return written;
  } finally {
    await tree.close();
  }
}

async function readText(root: string, path: string): Promise<string> {
  try {
    return await readFile(join(root, path), "utf8");
  } catch (cause) {
    throw new DeployError("package-invalid", `${path} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}
