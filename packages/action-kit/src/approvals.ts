import type { Secret } from "@deploy/core";
import { openApi } from "./api.ts";
import type { GithubContext } from "./github.ts";

interface ApprovalsOptions {
  readonly token: Secret;
  /** Told why GitHub did not say. */
  readonly note: (text: string) => void;
}

/** Milliseconds: a run that is over waits no longer to know who approved it. */
const patience = 5_000;

/** Who said yes or no to a run of GitHub's; texts are whatever people wrote. */
interface Approval {
  readonly by: string;
  readonly state: string;
  readonly environments: string[];
  readonly comment: string;
}

/**
 * Asks GitHub who approved this run (`actions: read`); undefined, and noted, where it does not say.
 * docs.github.com/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run
 */
export function runApprovals(
  github: Pick<GithubContext, "apiUrl" | "repository" | "runId">,
  { token, note }: ApprovalsOptions,
): () => Promise<readonly Approval[] | undefined> {
  return async () => {
    const [owner = "", repo = ""] = github.repository.split("/");
    try {
      const api = await openApi(github, token);
      const { data } = await api.request("GET /repos/{owner}/{repo}/actions/runs/{run}/approvals", {
        ...{ owner, repo, run: github.runId },
        headers: { "x-github-api-version": "2022-11-28" },
        // The token goes to GitHub's own address, and nowhere that address points to. Also asked when the run was cancelled.
        request: { redirect: "error", signal: AbortSignal.timeout(patience) },
      });
      if (!Array.isArray(data)) throw new Error("GitHub's answer is no list");
      return (data as readonly unknown[]).map(readApproval);
    } catch (error) {
      note(`Who approved this run is not known: ${(error as Error).message}`);
      return undefined;
    }
  };
}

/** Only texts are taken from it. */
function readApproval(answer: unknown): Approval {
  const { state, comment, user, environments } = (answer ?? {}) as Record<string, unknown>;
  const name = (value: unknown, key: string): string =>
    text((value as Record<string, unknown> | null)?.[key]);
  return {
    by: name(user, "login"),
    state: text(state),
    environments: Array.isArray(environments) ? environments.map((one) => name(one, "name")) : [],
    comment: text(comment).slice(0, 500),
  };
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
