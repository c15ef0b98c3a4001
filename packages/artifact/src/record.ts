import { damaged } from "./damaged.ts";
import type { ArtifactRecord, PackedFile } from "./types.ts";

const hash = /^[0-9a-f]{64}$/;

/** The text of `artifact.json`: one field a line, however many blocks there are. */
export function renderRecord(record: ArtifactRecord): string {
  const lines = Object.entries(record).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `{\n${lines.join(",\n")}\n}\n`;
}

/** Reads `artifact.json`; throws `artifact-damaged` for anything but schema 1 as written. */
export function parseRecord(text: string, directory: string): ArtifactRecord {
  const record = parse(text, directory) as ArtifactRecord | null;
  const { artifact } = record ?? {};
  const whole =
    record?.schema === 1 &&
    hash.test(artifact?.digest ?? "") &&
    hash.test(artifact?.manifest ?? "") &&
    [artifact?.files, artifact?.bytes, record.mtime].every(isCount) &&
    /^[0-9a-f]*$/.test(record.commit) &&
    isPacked(record.packed);
  if (!whole) throw damaged(directory, "artifact.json is not a record this version can read");
  return record;
}

function parse(text: string, directory: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(directory, "artifact.json is not JSON", error);
  }
}

function isPacked(packed: PackedFile | undefined): boolean {
  const { digest, size, blocks } = packed ?? {};
  return hash.test(digest ?? "") && isCount(size) && Array.isArray(blocks) && blocks.every(isCount);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
