import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { localAnsible, runProgram } from "../../src/playbook/program.ts";
import { readReport } from "../../src/playbook/report.ts";
import { environmentOf, makeRoom } from "../../src/playbook/room.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "play-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(text: string): string {
  const path = join(folder, "program");
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

test.each([
  ["ansible-playbook [core 2.14.18]", "2.14.18"],
  ["ansible-playbook [core 2.20.0rc1]", "2.20.0rc1"],
  ["ansible-playbook [core 3.0.0]", "3.0.0"],
])("%s will do", async (line, version) => {
  expect(await localAnsible(program(`echo '${line}'`))).toBe(version);
});

test.each([
  ["an old one", "echo 'ansible-playbook [core 2.13.9]'", "at least 2.14"],
  ["one of another name", "echo 'ansible-playbook 2.9.27'", "at least 2.14"],
  ["one that says nothing", "true", "of no version"],
  ["one that fails", "exit 1", "cannot be run"],
])("%s is refused", async (_, text, words) => {
  await expect(localAnsible(program(text))).rejects.toMatchObject({
    problem: { code: "ansible-unusable", message: expect.stringContaining(words) },
  });
});

test("one that is missing is told so", async () => {
  await expect(localAnsible(join(folder, "nothing"))).rejects.toMatchObject({
    problem: { code: "ansible-unusable", message: expect.stringContaining("is not installed") },
  });
});

const running = (text: string, more: object = {}) => ({
  ...{ program: program(text), args: [], cwd: folder, env: {}, timeout: 60_000 },
  ...{ signal: new AbortController().signal, onOutput: () => {} },
  ...more,
});

test("a playbook that takes too long is ended with all that it started", async () => {
  const asked = running("sleep 600 & echo begun; wait", { timeout: 1 });
  await expect(runProgram(asked)).rejects.toMatchObject({ problem: { code: "playbook-ended" } });
});

test("a cancelled one, too", async () => {
  const cancel = new AbortController();
  const onOutput = () => cancel.abort();
  const asked = running("sleep 600 & echo begun; wait", { signal: cancel.signal, onOutput });
  await expect(runProgram(asked)).rejects.toMatchObject({
    problem: { message: expect.stringContaining("cancelled") },
  });
});

test("what the report says is read, and what is none is let go", () => {
  const lines = [
    '{"host":"web1","task":"One","state":"changed","text":"-a"}',
    '{"host":"web1","task":"Two","state":"odd"}',
    '{"host":7,"task":"Two","state":"failed"}',
    "not JSON",
    "[1]",
    '{"host":"web1","summary":{"changed":2,"failures":0,"unreachable":"no"}}',
  ];
  const { tasks, summaries } = readReport(lines.join("\n"));
  expect(tasks).toEqual([{ host: "web1", task: "One", state: "changed", text: "-a" }]);
  expect([...summaries]).toEqual([["web1", { changed: 2, failures: 0, unreachable: 0 }]]);
});

test("nobody else reads the room, and Ansible is given none of this process's secrets", async () => {
  process.env["INPUT_SSH-PRIVATE-KEY"] = "the private key";
  const room = await makeRoom([{ name: "web1", roles: ["web"] }], { deploy_app: "shop" });
  try {
    expect(statSync(room.folder).mode & 0o777).toBe(0o700);
    expect(JSON.stringify(environmentOf(room, 5))).not.toContain("the private key");
  } finally {
    delete process.env["INPUT_SSH-PRIVATE-KEY"];
    await room.close();
  }
});
