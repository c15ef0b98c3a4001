import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeployError } from "@deploy/core";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { checkOrigin, githubContext } from "../src/index.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "origin-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const pull = (full_name: string) => ({ pull_request: { head: { repo: { full_name } } } });
const after = (full_name: string) => ({ workflow_run: { head_repository: { full_name } } });

function check(
  event: string,
  payload: object,
  ref?: string,
  allowed: readonly string[] = [],
  own = "",
): string {
  const file = join(folder, "event.json");
  writeFileSync(file, JSON.stringify(payload));
  const env = {
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: file,
    GITHUB_REPOSITORY: "acme/shop",
    GITHUB_REF: own,
  };
  try {
    checkOrigin(githubContext(env), ref, allowed);
    return "planned";
  } catch (error) {
    const { code, message } = (error as DeployError).problem;
    return `${code}: ${message}`;
  }
}

test.each([
  ["pull_request_target", pull("acme/shop"), undefined, "pull_request_target"],
  ["pull_request", pull("evil/shop"), undefined, "fork"],
  ["workflow_run", after("evil/shop"), undefined, "fork"],
  ["issue_comment", {}, "refs/pull/7/head", "fork"],
  ["workflow_dispatch", {}, "refs/pull/7/merge", "fork"],
] as const)("%s %j, ref %s is refused unless %s is allowed", (event, payload, ref, name) => {
  const other = name === "fork" ? "pull_request_target" : "fork";
  expect(check(event, payload, ref, [other])).toMatch(
    /^origin-refused: .*(evil\/shop|refs\/pull|whoever opens)/,
  );
  expect(check(event, payload, ref, [name])).toBe("planned");
});

test.each([
  ["push", {}, undefined, "refs/heads/main"],
  ["workflow_dispatch", {}, "v1.2", "refs/heads/main"],
  ["pull_request", pull("Acme/Shop"), undefined, "refs/pull/7/merge"],
  ["workflow_run", after("acme/shop"), undefined, "refs/heads/main"],
] as const)("%s %j, ref %s on %s is planned", (event, payload, ref, own) => {
  expect(check(event, payload, ref, [], own)).toBe("planned");
});

test("outside of a runner nothing is refused", () => {
  expect(checkOrigin(githubContext({}), undefined, [])).toBeUndefined();
});
