import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { askGitHub } from "../src/github.ts";
import { newFolder } from "./folder.ts";
import { recordedIo } from "./io.ts";

/** GitHub's answers by path; of what is not there gh says so and ends with 1. */
async function ask(answers: Readonly<Record<string, unknown>>) {
  const cwd = newFolder();
  const cases = Object.entries(answers).map(([path, answer]) => {
    writeFileSync(join(cwd, path.replaceAll("/", "_")), JSON.stringify(answer));
    return `'repos/{owner}/{repo}/${path}?per_page=100') cat '${join(cwd, path.replaceAll("/", "_"))}' ;;`;
  });
  const gh = `#!/bin/sh\n[ "$1" = api ] || exit 2\ncase $2 in ${cases.join("\n")}\n*) echo 'gh: Not Found (HTTP 404)' >&2; exit 1 ;; esac\n`;
  writeFileSync(join(cwd, "gh"), gh, { mode: 0o755 });
  return askGitHub("production", recordedIo({ cwd, env: { PATH: `${cwd}:/usr/bin:/bin` } }));
}

const secrets = { secrets: [{ name: "SSH_PRIVATE_KEY" }, { id: 1 }] };

test("what gh says of secrets and of the environment, names alone", async () => {
  expect(
    await ask({
      "actions/secrets": secrets,
      "actions/organization-secrets": { secrets: [{ name: "SHARED" }] },
      "environments/production/secrets": { secrets: [{ name: "OWN" }] },
      "environments/production": {
        protection_rules: [{ type: "wait_timer" }, { type: "required_reviewers" }],
        deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
      },
      "environments/production/deployment-branch-policies": { branch_policies: [{ name: "main" }] },
    }),
  ).toEqual({
    secrets: ["SSH_PRIVATE_KEY", "SHARED"],
    own: ["OWN"],
    environment: { reviewed: true, branches: ["main"] },
  });
});

test("an environment that there is not, one for every branch, and a gh that may not look", async () => {
  expect(await ask({ "actions/secrets": secrets })).toEqual({ secrets: ["SSH_PRIVATE_KEY"], own: [] });
  const plain = { protection_rules: [], deployment_branch_policy: null };
  expect(await ask({ "actions/secrets": secrets, "environments/production": plain })).toMatchObject({
    environment: { reviewed: false },
  });
  expect(await ask({})).toBeUndefined();
  expect(await ask({ "actions/secrets": "no object" })).toEqual({ secrets: [], own: [] });
});

test("no gh at all", async () => {
  expect(
    await askGitHub("production", recordedIo({ cwd: newFolder(), env: { PATH: "/nowhere" } })),
  ).toBeUndefined();
});
