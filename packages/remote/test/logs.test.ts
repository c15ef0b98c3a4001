import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { logLine } from "../src/index.ts";

test.each([
  [{ follow: false }, "exec tail -n 100 -- \"$DEPLOY_TO\"/'shared/log/it'\\''s.log'"],
  [{ follow: true, lines: 0 }, "exec tail -n 0 -F -- \"$DEPLOY_TO\"/'shared/log/it'\\''s.log'"],
])("a file, %j", (range, line) => {
  expect(logLine({ file: "shared/log/it's.log", roles: [] }, range)).toBe(line);
});

test.each([
  [{ follow: true }, "exec journalctl --no-pager -o short-iso -u 'shop.service' -n 100 -f"],
  [
    { follow: false, since: 600 },
    "exec journalctl --no-pager -o short-iso -u 'shop.service' --no-tail --since=-600s",
  ],
  [
    { follow: false, since: 600, lines: 5 },
    "exec journalctl --no-pager -o short-iso -u 'shop.service' -n 5 --since=-600s",
  ],
])("a unit, %j: the age is not capped by lines that nobody asked for", (range, line) => {
  expect(logLine({ unit: "shop.service", user: false, roles: [] }, range)).toBe(line);
});

test("known files: those that were written last, whatever they are called; none is said", () => {
  const shared = mkdtempSync(join(tmpdir(), "logs-"));
  const said = () =>
    execFileSync("sh", ["-c", `${logLine("known", { follow: false, lines: 1 })}`], {
      env: { PATH: process.env.PATH, DEPLOY_SHARED_PATH: shared },
      encoding: "utf8",
      stdio: "pipe",
    });
  expect(said).toThrow(/no \*\.log in log/);
  mkdirSync(join(shared, "storage/logs"), { recursive: true });
  for (let n = 1; n <= 6; n++) {
    const path = join(shared, `storage/logs/on the ${n}*.log`);
    writeFileSync(path, `line\nof ${n}\n`);
    utimesSync(path, n, n);
  }
  expect(said().match(/of \d/g)).toEqual(["of 6", "of 5", "of 4", "of 3", "of 2"]);
  rmSync(shared, { recursive: true });
});
