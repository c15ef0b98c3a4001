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

test("GitHub Enterprise Server: what is not there is told, and what goes without it", async () => {
  const before = process.env.GITHUB_SERVER_URL;
  process.env.GITHUB_SERVER_URL = "https://github.example.com";
  const folder = mkdtempSync(join(tmpdir(), "kit-"));
  const log = new Log(fakeRunner());
  const problem = {
    code: "artifact-transfer",
    message: expect.stringContaining("not currently supported on GHES"),
    hint: expect.stringMatching(/in one job: `upload: false` for pack/),
  };
  try {
    await expect(uploadFiles("deploy-release", folder, 30, log)).rejects.toMatchObject({ problem });
    await expect(downloadFiles("deploy-release", folder, log)).rejects.toMatchObject({ problem });
  } finally {
    if (before === undefined) delete process.env.GITHUB_SERVER_URL;
    else process.env.GITHUB_SERVER_URL = before;
    rmSync(folder, { recursive: true });
  }
});
