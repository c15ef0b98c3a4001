import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";

test("the build holds the app", () => {
  execFileSync(process.execPath, ["build.mjs"]);
  assert.ok(existsSync("build/src/server.mjs"));
});
