import type { LockOwner, Secret } from "@deploy/core";
import type { GithubContext } from "./github.ts";

/** How GitHub is asked; `fetch` unless a test brings its own. */
export type Ask = (url: string, options: RequestInit) => Promise<Response>;

interface OverOptions {
  readonly token: Secret;
  /** Told why a run was not taken for over. */
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
  readonly ask?: Ask;
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
    const url = urlOf(github, owner);
    if (url === undefined) return no("it is no run of GitHub");
    try {
      const response = await request(url, options);
      if (response.status !== 200) return no(`GitHub answered ${response.status}${hintFor(response.status)}`);
      return isCompleted(await response.json(), owner);
    } catch (error) {
      return no((error as Error).message);
    }
  };
}

/** undefined where the words of a lock cannot be a run: they were read from a host, and are data. */
function urlOf({ apiUrl }: Pick<GithubContext, "apiUrl">, owner: LockOwner): string | undefined {
  const name = /^(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+\/(?!\.{1,2}$)[A-Za-z0-9._-]+$/;
  const fits = name.test(owner.repository) && /^[0-9]+$/.test(owner.run) && /^[0-9]+$/.test(owner.attempt);
  return fits && apiUrl !== "" ? `${apiUrl}/repos/${owner.repository}/actions/runs/${owner.run}` : undefined;
}

function request(url: string, { token, signal, ask = fetch }: OverOptions): Promise<Response> {
  return ask(url, {
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token.reveal().trim()}`,
      "user-agent": "deploy",
      "x-github-api-version": "2022-11-28",
    },
    // The token goes to GitHub's own address, and nowhere that address points to.
    redirect: "error",
    signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
  });
}

function isCompleted(answer: unknown, owner: LockOwner): boolean {
  const { id, status, run_attempt: attempt } = (answer ?? {}) as Record<string, unknown>;
  return String(id) === owner.run && status === "completed" && Number(attempt) >= Number(owner.attempt);
}

function hintFor(status: number): string {
  return status === 403 || status === 404 ? " (the token needs `actions: read` there)" : "";
}
