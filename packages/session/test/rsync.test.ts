import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPacked, packArtifact } from "@deploy/artifact";
import type { Plan } from "@deploy/core";
import type { RsyncAsked } from "@deploy/engine";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { rsyncCarrier, withRsync } from "../src/rsync.ts";

let root: string;
const path = process.env.PATH;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "session-rsync-"));
});
afterAll(() => {
  process.env.PATH = path;
  rmSync(root, { recursive: true });
});

const planOf = (method: string) =>
  ({ stages: [{ kind: "prepare", steps: [{ step: "upload", delivery: { method } }] }] }) as unknown as Plan;
const artifact = { artifact: {}, unpack: async () => 0 } as never;

test("a runner without rsync is told before anything is touched, if it is needed", async () => {
  process.env.PATH = root;
  let worked = 0;
  const told: string[] = [];
  const tell = (text: string) => void told.push(text);
  const work = async (carrier: object) => {
    worked++;
    return Object.keys(carrier);
  };
  const request = { phases: ["prepare"], artifact } as const;
  const asked = withRsync({ ...request, plan: planOf("rsync") }, work, tell);
  await expect(asked).rejects.toMatchObject({
    problem: { code: "rsync-unusable", message: "rsync is not installed on the runner" },
  });
  expect(worked).toBe(0);
  expect(await withRsync({ ...request, plan: planOf("artifact") }, work, tell)).toEqual(["rsync"]);
  expect(await withRsync({ plan: planOf("rsync"), phases: ["activate"], artifact }, work, tell)).toEqual([]);
  expect(await withRsync({ plan: planOf("rsync"), phases: ["prepare"] }, work, tell)).toEqual([]);
  for (const version of ["3.4.1", "3.2.7"]) {
    writeFileSync(join(root, "rsync"), `#!/bin/sh\necho "rsync  version ${version}  protocol version 31"\n`, {
      mode: 0o755,
    });
    expect(await withRsync({ ...request, plan: planOf("rsync") }, work, tell)).toEqual(["rsync"]);
  }
  expect(told).toEqual([expect.stringMatching(/^Warning: rsync 3\.2\.7 on the runner\. Below 3\.4\.0 /)]);
});

test("a damaged artifact is refused for every host, and leaves nothing unpacked", async () => {
  const rsync = `#!/bin/sh\necho "rsync  version 3.2.7  protocol version 31"\n`;
  writeFileSync(join(root, "rsync"), rsync, { mode: 0o755 });
  process.env.PATH = `${root}:${path}`;
  const source = mkdtempSync(join(root, "source-"));
  writeFileSync(join(source, "a"), "a");
  const packed = await packArtifact({
    ...{ root: source, exclude: [], shared: [], time: 1, directory: join(root, "packed") },
  });
  writeFileSync(join(packed.directory, "release.tar.gz"), "other");
  const temp = mkdtempSync(join(root, "temp-"));
  const carrier = rsyncCarrier(await openPacked(packed.directory), temp);
  for (let host = 0; host < 2; host++) {
    await expect(carrier({} as RsyncAsked)).rejects.toMatchObject({ problem: { code: "artifact-damaged" } });
  }
  await carrier.close();
  expect(readdirSync(temp)).toEqual([]);
});
