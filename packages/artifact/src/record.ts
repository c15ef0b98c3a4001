import { damaged } from "./damaged.ts";
import type { ArtifactRecord } from "./types.ts";

const hash = /^[0-9a-f]{64}$/;

/** Reads `artifact.json`; throws `artifact-damaged` for anything but schema 1 as written. */
export function parseRecord(text: string, directory: string): ArtifactRecord {
  const record = parse(text, directory) as ArtifactRecord | null;
  const { artifact } = record ?? {};
  const whole =
    record?.schema === 1 &&
    hash.test(artifact?.digest ?? "") &&
    hash.test(artifact?.manifest ?? "") &&
    [artifact?.files, artifact?.bytes, record.mtime].every(isCount) &&
    /^[0-9a-f]*$/.test(record.commit);
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

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
