import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "@jest/globals";

const made: string[] = [];

/** A new folder, removed after the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "cli-test-"));
  made.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});
