import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";

/** A folder that is removed after the file's tests. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "testkit-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Resolves once the file is there. */
export async function appears(path: string): Promise<void> {
  while (!existsSync(path)) await new Promise((tick) => setTimeout(tick, 20));
}
