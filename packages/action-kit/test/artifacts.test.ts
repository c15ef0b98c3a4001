import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { downloadFiles, Log, uploadFiles } from "../src/index.ts";
import { fakeRunner } from "./fakeRunner.ts";

test("where the runner gives no artifact service, either way says so", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kit-"));
  const log = new Log(fakeRunner());
  const problem = { code: "artifact-transfer", message: expect.stringContaining('"deploy-release"') };
  await expect(downloadFiles("deploy-release", folder, log)).rejects.toMatchObject({ problem });
  await expect(uploadFiles("deploy-release", folder, 30, log)).rejects.toMatchObject({ problem });
  rmSync(folder, { recursive: true });
});
