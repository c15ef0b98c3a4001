import type { Report, Result, Secret } from "@deploy/core";
import { openApi } from "./api.ts";
import type { GithubContext } from "./github.ts";
import type { ActionContext } from "./types.ts";

export interface DeploymentOptions {
  readonly github: Pick<GithubContext, "apiUrl" | "repository" | "runUrl">;
  readonly token: Secret | undefined;
  /** Full hash of the commit that is live where the run went well; "" where nobody knows it. */
  readonly commit: string;
  /** The config has this environment once for each name: a preview, which goes. */
  readonly transient: boolean;
  /** Told why nothing was recorded. */
  readonly warn: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Of an action that has `github-deployment`. */
export function deploymentOf(
  { many = false }: { readonly many?: boolean },
  { githubToken: token }: { readonly githubToken?: Secret },
  { github, log, signal }: Pick<ActionContext, "github" | "log" | "signal">,
  commit: string,
): DeploymentOptions {
  return { github, token, commit, transient: many, warn: (text) => log.warning(text), signal };
}

type State = "success" | "failure" | "error" | "pending";

/** What nobody saw is no deployment. */
const states: Readonly<Record<Result, State | undefined>> = {
  deployed: "success",
  reverted: "failure",
  failed: "failure",
  attention: "error",
  held: "pending",
  ...{ prepared: undefined, planned: undefined, locked: undefined, cancelled: undefined },
};

/** Milliseconds that GitHub may take for both questions. */
const patience = 20_000;

/**
 * Records a run on GitHub's own page as what it was: the commit that was switched to, also on the way back, and our result. One deployment
 * and one status, after the run: https://docs.github.com/en/rest/deployments. Fails nothing: what could not be recorded is said.
 */
export async function recordDeployment(report: Report, options: DeploymentOptions): Promise<void> {
  const state = states[report.result];
  // One that went back changed nothing in the end, and is told.
  const idle = report.result === "deployed" && !report.changed;
  if (state === undefined || report.dryRun || idle) return;
  const { github, token, commit, warn } = options;
  const missing =
    token === undefined
      ? "no `github-token` was given"
      : commit === ""
        ? "its commit is not known"
        : undefined;
  if (token === undefined || missing !== undefined) return warn(unrecorded(missing ?? ""));
  if (github.apiUrl === "" || !/^[\w.-]+\/[\w.-]+$/.test(github.repository))
    return warn(unrecorded("this is no run of GitHub"));
  try {
    await tell(report, state, token, options);
  } catch (error) {
    const { response, message } = error as Error & { readonly response?: { readonly status: number } };
    warn(
      unrecorded(
        response === undefined ? message : `GitHub answered ${response.status}${hintFor(response.status)}`,
      ),
    );
  }
}

async function tell(
  report: Report,
  state: State,
  token: Secret,
  { github, commit, transient, signal }: DeploymentOptions,
): Promise<void> {
  const api = await openApi(github, token);
  const [owner = "", repo = ""] = github.repository.split("/");
  const common = {
    ...{ owner, repo, headers: { "x-github-api-version": "2022-11-28" } },
    // The token goes to GitHub's own address, and nowhere that address points to.
    request: { redirect: "error" as const, signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]) },
  };
  const { environment, kind, release, previous, result, url } = report;
  const { data } = await api.request("POST /repos/{owner}/{repo}/deployments", {
    ...common,
    ...{ ref: commit, environment, task: kind, auto_merge: false, required_contexts: [] },
    transient_environment: transient,
    description: short(sentenceOf(report)),
    payload: { release, previous, result },
  });
  const { id } = (data ?? {}) as { readonly id?: unknown };
  if (typeof id !== "number") throw new Error("GitHub's answer names no deployment");
  await api.request("POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
    ...{ ...common, deployment_id: id, state, description: short(report.headline) },
    ...(github.runUrl === "" ? {} : { log_url: github.runUrl }),
    ...(url === undefined ? {} : { environment_url: url }),
  });
}

function sentenceOf({ kind, release, previous, headline }: Report): string {
  return kind === "rollback" ? `rolled back from ${previous ?? "nothing"} to ${release}` : headline;
}

/** GitHub takes 140 characters. */
function short(text: string): string {
  const characters = [...text];
  return characters.length <= 140 ? text : `${characters.slice(0, 139).join("")}…`;
}

const unrecorded = (why: string): string => `The run is not recorded as a deployment of GitHub: ${why}.`;

function hintFor(status: number): string {
  return status === 403 || status === 404 ? " (the token needs `deployments: write`)" : "";
}
