import { expect, test } from "@jest/globals";
import { callsIn, type GitHubSeen, gitHubRemarks, workflowRemarks } from "../../src/doctor/index.ts";

const workflow = (job: string, more = "permissions: {}\n"): string => `name: Deploy
on: { push: { branches: [main, "release/**"] } }
${more}jobs:
  test: { runs-on: ubuntu-latest, steps: [{ run: "true" }] }
  production:
${job}    uses: org/deploy/.github/workflows/deploy.yml@v1
    with: { environment: production }
    secrets:
      SSH_PRIVATE_KEY: \${{ secrets.SSH_PRIVATE_KEY }}
      SSH_KNOWN_HOSTS: \${{ secrets.PINS }}
`;
const may = "    permissions: { contents: read, actions: read }\n";
const look = (text: string, known: readonly string[] = ["production", "preview-*"]) =>
  workflowRemarks(callsIn({ "deploy.yml": text }), { environment: "production", known }).map(
    ({ level, text: said, fix }) => [level, said, fix],
  );
const place = "deploy.yml / production";

test("a workflow as init writes it", () => {
  expect(look(workflow(may))).toEqual([["ok", `${place}: GitHub starts them, and lets them end`, undefined]]);
  expect(look(workflow("", "permissions: write-all\n"))[0]?.[0]).toBe("ok");
});

test.each([
  [
    "permissions that are not given on",
    workflow(""),
    "stop",
    `${place} may not contents: read, actions: read, which deploy.yml asks for: GitHub starts no job of it`,
  ],
  [
    "OIDC without its token",
    workflow("    permissions: read-all\n").replace("deploy.yml@", "deploy-oidc.yml@"),
    "stop",
    `${place} may not id-token: write, which deploy-oidc.yml asks for: GitHub starts no job of it`,
  ],
  [
    "no word on permissions",
    workflow("", ""),
    "unknown",
    `${place} says no permissions: whether GitHub starts it is up to the repository's settings`,
  ],
  [
    "deploys that end each other",
    workflow(may, "permissions: {}\nconcurrency: { group: deploy, cancel-in-progress: true }\n"),
    "warn",
    `${place} says cancel-in-progress: the next push ends a deploy in its middle`,
  ],
  [
    "a group that waits for itself",
    workflow(`${may}    concurrency: "org-deploy:production"\n`),
    "stop",
    `${place} is in the concurrency group org-deploy:production, as the job that it calls: each waits for the other`,
  ],
])("%s", (_, text, level, said) => {
  expect(look(text)).toEqual([[level, said, expect.any(String)]]);
});

test("an environment that the config does not have, one of many that it has, and no workflow", () => {
  const other = workflow(may).replace("environment: production", "environment: prod");
  expect(look(other).map(([level, text]) => [level, text])).toEqual([
    ["stop", `${place} deploys to prod, which the config does not have`],
    ["unknown", "no workflow of this checkout calls ours for production"],
  ]);
  const preview = workflow(may).replace("environment: production", "environment: preview-7");
  expect(look(preview).map(([level]) => level)).toEqual(["unknown"]);
  expect(look(": no YAML").map(([level]) => level)).toEqual(["unknown"]);
});

const calls = callsIn({ "deploy.yml": workflow(may) });
const seen: GitHubSeen = {
  secrets: ["SSH_PRIVATE_KEY", "PINS"],
  own: [],
  environment: { reviewed: true, branches: ["main"] },
};
const ask = (change: Partial<GitHubSeen> | undefined) =>
  gitHubRemarks(change && { ...seen, ...change }, calls, "production").map(({ level, text }) => [
    level,
    text,
  ]);

test("secrets that a plan does not get, and branches that an environment refuses", () => {
  expect(ask({})).toEqual([["ok", "the secrets are set; of production, somebody approves"]]);
  expect(ask({ secrets: ["PINS"] })).toEqual([
    ["warn", "the secret SSH_PRIVATE_KEY, which a workflow hands over, is not set"],
  ]);
  expect(ask({ secrets: ["PINS"], own: ["SSH_PRIVATE_KEY"] })).toEqual([
    [
      "warn",
      "the secret SSH_PRIVATE_KEY is the environment's alone: the plan, which runs before anybody approves, does not get it",
    ],
  ]);
  for (const [branches, refused] of [
    [["release/*"], true],
    [["ma?n"], false],
    [["m*"], false],
    [["*/main"], true],
    [["mai.n"], true],
  ] as const)
    expect([branches, ask({ environment: { reviewed: false, branches } })[0]?.[0]]).toEqual([
      branches,
      refused ? "warn" : "ok",
    ]);
  expect(ask(undefined)).toEqual([["unknown", expect.stringContaining("gh says nothing of them here")]]);
});
