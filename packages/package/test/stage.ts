import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openTree, packArtifact } from "@deploy/artifact";
import { layOut, type PackageSettings, type WrittenDeb, writeDeb } from "@deploy/package";

/** 2026-11-21T08:44:50Z. */
export const time = 1_795_250_690;

export const settings: PackageSettings = {
  app: "shop",
  layout: "releases",
  deployTo: "/opt/shop",
  release: "20261121T084450Z-4f2a91c",
  architecture: "all",
  maintainer: "Shop <shop@example.org>",
  summary: "sells things",
  depends: [],
  shared: { directories: ["public/uploads"], files: [".env"] },
  licence: "Copyright: 2026 Shop\nLicense: MIT\n",
  mtime: time,
};

/** A folder of its own, which the caller removes. */
export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), "package-test-"));
}

const files: Readonly<Record<string, string>> = {
  "index.html": "hello\n",
  "public/app.js": "let shop;\n",
  [`public/${"long".repeat(40)}/${"name".repeat(30)}.txt`]: "far away\n",
};

/** Packs an app and makes its packages in `folder`; `version` stands in the app's files, too. */
export async function build(
  folder: string,
  changes: Partial<PackageSettings> = {},
): Promise<readonly WrittenDeb[]> {
  const all = { ...settings, ...changes };
  const root = join(folder, "app");
  rmSync(root, { recursive: true, force: true });
  for (const [path, text] of Object.entries({ ...files, version: `${all.release}\n` })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const directory = join(folder, "packed");
  rmSync(directory, { recursive: true, force: true });
  await packArtifact({ root, exclude: [], shared: all.shared.files, time, directory });
  const tree = await openTree(directory);
  try {
    const written: WrittenDeb[] = [];
    for (const spec of layOut(tree, all)) {
      const { Package, Version, Architecture } = spec.fields;
      written.push(await writeDeb(spec, join(folder, `${Package}_${Version}_${Architecture}.deb`)));
    }
    return written;
  } finally {
    await tree.close();
  }
}
