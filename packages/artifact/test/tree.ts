import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "@jest/globals";
import type { PackedArtifact, PackOptions } from "../src/index.ts";
import { packArtifact } from "../src/index.ts";

const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A temporary folder, gone after the test. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "artifact-"));
  made.push(folder);
  return folder;
}

/** `name/`: a folder; `-> target`: a link; anything else: a file of that text. */
export function makeTree(files: Readonly<Record<string, string>>): string {
  const root = temporary();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    if (path.endsWith("/")) mkdirSync(join(root, path), { recursive: true });
    else if (content.startsWith("-> ")) symlinkSync(content.slice(3), join(root, path));
    else writeFileSync(join(root, path), content);
    if (path.endsWith("/")) chmodSync(join(root, path), 0o755);
    else if (!content.startsWith("-> ")) chmodSync(join(root, path), 0o644);
  }
  return root;
}

export async function pack(root: string, options: Partial<PackOptions> = {}): Promise<PackedArtifact> {
  return packArtifact({
    root,
    exclude: [],
    shared: [],
    time: 1_763_700_000,
    directory: temporary(),
    ...options,
  });
}

export async function bytes(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** The problems a packing was refused with: code and path. */
export async function refusals(packing: Promise<unknown>): Promise<readonly string[]> {
  try {
    await packing;
    return [];
  } catch (error) {
    const { problems, problem } = error as {
      problems?: { code: string; place: { path?: string } }[];
      problem?: { code: string; place: { path?: string } };
    };
    return (problems ?? (problem ? [problem] : [])).map(({ code, place }) => `${code} ${place.path ?? ""}`);
  }
}

/** The bytes of the gzip stream for a host that has `base`. */
export async function sent(packed: PackedArtifact, base: string | null): Promise<Buffer> {
  return bytes((await packed.parcel(base, "gzip")).read());
}
