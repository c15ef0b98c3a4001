import { execFile } from "node:child_process";
import type { GitHubSeen } from "@deploy/core/doctor";
import type { Io } from "./io.ts";

/** Milliseconds in which gh answers or is not waited for. */
const patience = 10_000;

/** What GitHub says of the folder's repository by the person's own `gh`: names, never values. undefined: there is none, or it may not look. */
export async function askGitHub(environment: string, io: Io): Promise<GitHubSeen | undefined> {
  const here = "repos/{owner}/{repo}";
  const place = `${here}/environments/${encodeURIComponent(environment)}`;
  const ask = (path: string) => askGh(["api", `${path}?per_page=100`], io);
  const [secrets, shared, own, found, policies] = await Promise.all([
    ask(`${here}/actions/secrets`),
    ask(`${here}/actions/organization-secrets`),
    ask(`${place}/secrets`),
    ask(place),
    ask(`${place}/deployment-branch-policies`),
  ]);
  if (secrets === undefined) return undefined;
  return {
    secrets: [...namesIn(secrets, "secrets"), ...namesIn(shared, "secrets")],
    own: namesIn(own, "secrets"),
    ...(found === undefined ? {} : { environment: ruledBy(found, policies) }),
  };
}

type Tree = Readonly<Record<string, unknown>>;

/** docs.github.com, REST: "Get an environment" and "List deployment branch policies". */
function ruledBy(found: Tree, policies: Tree | undefined): NonNullable<GitHubSeen["environment"]> {
  const { protection_rules: rules, deployment_branch_policy: policy } = found;
  const reviewed = Array.isArray(rules) && rules.some(({ type }) => type === "required_reviewers");
  const custom = (policy as Tree | null | undefined)?.custom_branch_policies === true;
  return {
    reviewed,
    ...(custom && policies !== undefined ? { branches: namesIn(policies, "branch_policies") } : {}),
  };
}

function namesIn(answer: Tree | undefined, key: string): readonly string[] {
  const list = answer?.[key];
  return Array.isArray(list) ? list.flatMap(({ name }) => (typeof name === "string" ? [name] : [])) : [];
}

/** A JSON answer; undefined for any other end of it. */
function askGh(args: readonly string[], { cwd, env }: Io): Promise<Tree | undefined> {
  return new Promise((done) => {
    const options = { cwd, env: { ...env }, timeout: patience, maxBuffer: 1 << 22 };
    execFile("gh", args, options, (error, stdout) => {
      try {
        done(error === null ? (JSON.parse(stdout) as Tree) : undefined);
      } catch {
        done(undefined);
      }
    })
      .stdin?.on("error", () => {})
      .end();
  });
}
