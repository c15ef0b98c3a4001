import type { Commits, Secret } from "@deploy/core";
import { openApi } from "./api.ts";
import type { GithubContext } from "./github.ts";

interface CompareOptions {
  readonly token: Secret;
  /** Told why GitHub did not say. */
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds: a plan is not late for what is only shown. */
const patience = 5_000;

/** Asks GitHub what lies between two commits; undefined, and noted, where it does not say. */
export function compareCommits(
  github: Pick<GithubContext, "apiUrl" | "repository">,
  { token, note, signal }: CompareOptions,
): (range: { readonly from: string; readonly to: string }) => Promise<Commits | undefined> {
  return async ({ from, to }) => {
    const [owner = "", repo = ""] = github.repository.split("/");
    try {
      const api = await openApi(github, token);
      const { data } = await api.request("GET /repos/{owner}/{repo}/compare/{basehead}", {
        ...{ owner, repo, basehead: `${from}...${to}`, per_page: 1 },
        headers: { "x-github-api-version": "2022-11-28" },
        // The token goes to GitHub's own address, and nowhere that address points to.
        request: { redirect: "error", signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]) },
      });
      return readAnswer(data);
    } catch (error) {
      note(`Which commits are new is not known: ${(error as Error).message}`);
      return undefined;
    }
  };
}

/** Only numbers and texts are taken from it. */
function readAnswer(data: unknown): Commits | undefined {
  const { ahead_by: ahead, behind_by: behind, commits } = (data ?? {}) as Record<string, unknown>;
  if (!Number.isSafeInteger(ahead) || !Number.isSafeInteger(behind)) return undefined;
  const [oldest] = Array.isArray(commits) ? (commits as readonly unknown[]) : [];
  const { message, author } = ((oldest as Record<string, unknown> | undefined)?.commit ?? {}) as Record<
    string,
    unknown
  >;
  const name = (author as { readonly name?: unknown } | undefined)?.name;
  const first = {
    subject: String(message ?? "").split("\n")[0] ?? "",
    author: typeof name === "string" ? name : "",
  };
  return { ahead: Number(ahead), behind: Number(behind), ...(first.subject === "" ? {} : { first }) };
}
