import { storeFolders } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { childEnvironment, githubContext, lockOwner } from "../src/index.ts";

const env = {
  GITHUB_REPOSITORY: "acme/shop",
  GITHUB_RUN_ID: "4711",
  GITHUB_RUN_ATTEMPT: "2",
  GITHUB_ACTOR: "dependabot[bot]",
  GITHUB_SHA: "abc",
  GITHUB_REF: "refs/heads/main",
  GITHUB_EVENT_NAME: "push",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_WORKSPACE: "/w",
};

test("who runs us", () => {
  const github = githubContext(env);
  expect(github.runUrl).toBe("https://github.com/acme/shop/actions/runs/4711/attempts/2");
  expect(lockOwner(github, "upload")).toEqual({
    id: "acme/shop/4711",
    repository: "acme/shop",
    run: "4711",
    attempt: "2",
    actor: "dependabot-bot-",
    commit: "abc",
    phase: "upload",
  });
});

test("another attempt of a run is the same owner; outside a runner there is no page", () => {
  const owner = (attempt: string) =>
    lockOwner(githubContext({ ...env, GITHUB_RUN_ATTEMPT: attempt }), "x").id;
  expect(owner("1")).toBe(owner("2"));
  expect([githubContext({}).runUrl, lockOwner(githubContext({}), "x").id]).toEqual(["", "local/0"]);
});

test("a store is no folder of a machine that GitHub throws away, nor of another job's", () => {
  const on = (RUNNER_ENVIRONMENT: string) => githubContext({ ...env, RUNNER_ENVIRONMENT });
  const all = ["command", "job", "other job"] as const;
  expect(all.map((by) => storeFolders(on("github-hosted"), by))).toEqual(["nowhere", "nowhere", "nowhere"]);
  expect(all.map((by) => storeFolders(on("self-hosted"), by))).toEqual(["anywhere", "below", "nowhere"]);
});

test("a child process sees no input, no token, and no file that commands the runner", () => {
  expect(
    childEnvironment({
      PATH: "/bin",
      HOME: "/h",
      GITHUB_SHA: "abc",
      "INPUT_SSH-PRIVATE-KEY": "k",
      STATE_x: "s",
      ACTIONS_RUNTIME_TOKEN: "t",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "t",
      GITHUB_OUTPUT: "/o",
      GITHUB_STATE: "/s",
      GITHUB_ENV: "/e",
      GITHUB_PATH: "/p",
      GITHUB_STEP_SUMMARY: "/m",
      GITHUB_TOKEN: "t",
      NODE_OPTIONS: "--x",
      NONE: undefined,
    }),
  ).toEqual({ PATH: "/bin", HOME: "/h", GITHUB_SHA: "abc" });
});
