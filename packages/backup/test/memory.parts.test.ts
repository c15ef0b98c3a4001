import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { generateIdentity, identityToRecipient } from "age-encryption";

const root = mkdtempSync(join(tmpdir(), "backup-memory-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Peak of the process in MiB. */
function peakOf(mebibytes: number, recipient: string): number {
  const folder = mkdtempSync(join(root, "run-"));
  const file = openSync(join(folder, "data"), "w");
  writeSync(file, "a dump");
  closeSync(file);
  truncateSync(join(folder, "data"), mebibytes * 1_048_576);
  const program = join(import.meta.dirname, "fakes", "backupOnce.ts");
  const out = execFileSync(process.execPath, [program, folder, recipient]);
  return Number(out) / 1024;
}

// Below some 100 MiB the collector has had no reason yet to begin.
test("a dump three times as large takes no more memory", async () => {
  const recipient = await identityToRecipient(await generateIdentity());
  const [small, large] = [peakOf(100, recipient), peakOf(300, recipient)];
  expect(large / small).toBeLessThan(1.1);
});
