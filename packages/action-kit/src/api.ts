import type { Secret } from "@deploy/core";
import type { GithubContext } from "./github.ts";

/**
 * GitHub's API, asked with the job's token: at the job's own server and through the runner's proxy. Nothing is tried
 * again: whoever asks knows what an answer that did not come means.
 */
export async function openApi({ apiUrl }: Pick<GithubContext, "apiUrl">, token: Secret) {
  // Large, and needed by few runs: loaded when it is.
  const { getOctokit } = await import("@actions/github");
  return getOctokit(token.reveal().trim(), { baseUrl: apiUrl, userAgent: "deploy" });
}
