import { isThrownAway, type LockOwner } from "@deploy/core";

type Env = Readonly<Record<string, string | undefined>>;

/** Who runs us, from GITHUB_*; outside a runner every text is empty. */
export interface GithubContext {
  readonly repository: string;
  readonly runId: string;
  readonly attempt: string;
  readonly actor: string;
  /** Full hash of the commit the run was started for. */
  readonly sha: string;
  readonly ref: string;
  readonly eventName: string;
  /** File with the event as GitHub sent it; "" where there is none. */
  readonly eventPath: string;
  readonly serverUrl: string;
  readonly apiUrl: string;
  readonly workspace: string;
  /** "" where the run has no page. */
  readonly runUrl: string;
  /** GitHub throws this machine away after the job, and all that lies on it. */
  readonly thrownAway: boolean;
}

export function githubContext(env: Env): GithubContext {
  const get = (name: string) => env[`GITHUB_${name}`] ?? "";
  const [serverUrl, repository, runId, attempt] = [
    get("SERVER_URL"),
    get("REPOSITORY"),
    get("RUN_ID"),
    get("RUN_ATTEMPT"),
  ];
  const page = `${serverUrl}/${repository}/actions/runs/${runId}`;
  return {
    repository,
    runId,
    attempt,
    actor: get("ACTOR"),
    sha: get("SHA"),
    ref: get("REF"),
    eventName: get("EVENT_NAME"),
    eventPath: get("EVENT_PATH"),
    serverUrl,
    apiUrl: get("API_URL"),
    workspace: get("WORKSPACE") || process.cwd(),
    thrownAway: isThrownAway(env),
    runUrl: serverUrl && repository && runId ? (attempt ? `${page}/attempts/${attempt}` : page) : "",
  };
}

/** Every attempt of one run is one owner: a re-run goes on where the lost attempt stood. */
export function lockOwner(github: GithubContext, phase: string): LockOwner {
  const word = (text: string) => text.replaceAll(/[^A-Za-z0-9._:/@+-]/g, "-");
  return {
    id: word(`${github.repository || "local"}/${github.runId || "0"}`),
    repository: word(github.repository),
    run: word(github.runId),
    attempt: word(github.attempt || "1"),
    actor: word(github.actor),
    commit: word(github.sha),
    phase: word(phase),
  };
}

/** The environment for the user's own commands: without our inputs, the runner's tokens, and files that command it. */
export function childEnvironment(env: Env): Readonly<Record<string, string>> {
  const ours =
    /^(?:INPUT_|STATE_|ACTIONS_|GITHUB_(?:ENV|OUTPUT|PATH|STATE|STEP_SUMMARY|TOKEN)$|NODE_OPTIONS$)/;
  const entries = Object.entries(env).filter(([name, value]) => value !== undefined && !ours.test(name));
  return Object.fromEntries(entries) as Record<string, string>;
}
