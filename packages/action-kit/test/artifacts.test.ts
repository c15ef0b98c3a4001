import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { downloadFiles, uploadFiles } from "../src/index.ts";

test("where the runner gives no artifact service, either way says so", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kit-"));
  const problem = { code: "artifact-transfer", message: expect.stringContaining('"deploy-release"') };
  await expect(downloadFiles("deploy-release", folder)).rejects.toMatchObject({ problem });
  await expect(uploadFiles("deploy-release", folder, 30)).rejects.toMatchObject({ problem });
  rmSync(folder, { recursive: true });
});
