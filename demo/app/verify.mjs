// Reads a backup on stdin and exits 0 only if it opens, is whole and holds the orders.
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pipeline } from "node:stream/promises";

const folder = mkdtempSync(join(process.env.HOME ?? tmpdir(), ".verify-"));
try {
  const copy = join(folder, "copy.sqlite");
  await pipeline(process.stdin, createWriteStream(copy));
  const database = new DatabaseSync(copy, { readOnly: true });
  const { integrity_check: verdict } = database.prepare("pragma integrity_check").get();
  const { count } = database.prepare("select count(*) as count from orders").get();
  database.close();
  if (verdict !== "ok") throw new Error(`the copy is damaged: ${verdict}`);
  console.error(`the backup opens, is whole and holds ${count} orders`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
