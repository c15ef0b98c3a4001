import type { LockOwner, Secret } from "@deploy/core";
import { openApi } from "./api.ts";
import type { GithubContext } from "./github.ts";

interface OverOptions {
  readonly token: Secret;
  /** Told why a run was not taken for over. */
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds that GitHub may take; the run that asks has others to wait for. */
const patience = 10_000;

/**
 * Whether the run that holds a lock is over, as GitHub says. True only for a run that GitHub calls completed, in this
 * attempt or a later one: an attempt that runs now is the same owner. Any doubt is a no, and noted.
 */
export function runIsOver(
  github: Pick<GithubContext, "apiUrl">,
  options: OverOptions,
): (owner: LockOwner) => Promise<boolean> {
  let noted = "";
  return async (owner) => {
    const no = (why: string): false => {
      const text = `Whether run ${owner.run || owner.id} is over is not known: ${why}. It is taken for running.`;
      // Asked again and again while a lock is waited for: said once.
      if (text !== noted) options.note(text);
      noted = text;
      return false;
    };
    if (github.apiUrl === "" || !isRun(owner)) return no("it is no run of GitHub");
    try {
      const { status, data } = await read(github, options, owner);
      if (status !== 200) return no(`GitHub answered ${status}`);
      return typeof data === "string" ? no("GitHub's answer is no JSON") : isCompleted(data, owner);
    } catch (error) {
      // What never got an answer has a status too: the library's own 500.
      const { response, message } = error as Error & { readonly response?: { readonly status: number } };
      return no(
        response === undefined ? message : `GitHub answered ${response.status}${hintFor(response.status)}`,
      );
    }
  };
}

/** False where the words of a lock cannot be a run: they were read from a host, and are data. */
function isRun({ repository, run, attempt }: LockOwner): boolean {
  const name = /^(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+\/(?!\.{1,2}$)[A-Za-z0-9._-]+$/;
  return name.test(repository) && /^[0-9]+$/.test(run) && /^[0-9]+$/.test(attempt);
}

async function read(
  github: Pick<GithubContext, "apiUrl">,
  { token, signal }: OverOptions,
  { repository, run }: LockOwner,
): Promise<{ readonly status: number; readonly data: unknown }> {
  const api = await openApi(github, token);
  const [owner = "", repo = ""] = repository.split("/");
  return api.request("GET /repos/{owner}/{repo}/actions/runs/{run}", {
    owner,
    repo,
    run,
    headers: { "x-github-api-version": "2022-11-28" },
    // The token goes to GitHub's own address, and nowhere that address points to.
    request: { redirect: "error", signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]) },
  });
}

function isCompleted(answer: unknown, owner: LockOwner): boolean {
  const { id, status, run_attempt: attempt } = (answer ?? {}) as Record<string, unknown>;
  return String(id) === owner.run && status === "completed" && Number(attempt) >= Number(owner.attempt);
}

function hintFor(status: number): string {
  return status === 403 || status === 404 ? " (the token needs `actions: read` there)" : "";
}
