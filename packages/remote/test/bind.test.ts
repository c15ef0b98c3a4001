import { expect, test } from "@jest/globals";
import { bindBackup } from "../src/index.ts";

const fence = { base: "~/shop", token: 1, owner: "run-1" };
const release = "20261121T084450Z-aaaaaaa";
const job = `migrate-${release}`;

test.each([
  { id: "x", restore: "rm -rf /" },
  { id: "x y", restore: "deploy restore x y" },
  { id: "x", path: "relative" },
])("%j is not bound", (backup) => {
  expect(() => bindBackup({ fence, release, job, backup })).toThrow("not a backup");
});

test("the rehearsal answers what would be bound", () => {
  const backup = { id: "x", restore: "deploy restore x" };
  const command = bindBackup({ fence, release, job, backup });
  const result = { status: "exited", code: 0, stdout: command.rehearsal, stderr: "", dropped: 0 } as const;
  expect(command.parse(result)).toEqual(backup);
});
