// The backup command: one consistent copy of the database on stdout.
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { openDatabase } from "./database.mjs";

const folder = mkdtempSync(join(process.env.HOME ?? tmpdir(), ".dump-"));
try {
  const copy = join(folder, "copy.sqlite");
  const database = openDatabase();
  database.prepare("vacuum into ?").run(copy);
  database.close();
  await pipeline(createReadStream(copy), process.stdout);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
