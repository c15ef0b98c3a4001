import { readFileSync } from "node:fs";
import { DeployError } from "@deploy/core";
import type { GithubContext } from "./github.ts";

type Payload = Readonly<Record<string, unknown>>;

/** Names by which a plan may allow what others than this repository's writers can bring about. */
export const foreignOrigins = ["pull_request_target", "fork"] as const;
export type ForeignOrigin = (typeof foreignOrigins)[number];

/**
 * Refuses a plan for what somebody without write access could have brought about: an event that runs with secrets for a
 * fork's pull request, a pull request's ref, a fork's commit. `ref`: what the workflow was asked to check out.
 * Throws `origin-refused`.
 */
export function checkOrigin(
  github: Pick<GithubContext, "eventName" | "eventPath" | "repository" | "ref">,
  ref: string | undefined,
  allowed: readonly string[],
): void {
  const found = originOf(github, ref);
  if (found === undefined || allowed.includes(found.origin)) return;
  throw new DeployError("origin-refused", found.message, {
    hint: `Deploy from push or workflow_dispatch. Where this is meant, say so: \`allow-origin: ${found.origin}\`.`,
  });
}

function originOf(
  { eventName, eventPath, repository, ref: own }: Parameters<typeof checkOrigin>[0],
  ref: string | undefined,
): { readonly origin: ForeignOrigin; readonly message: string } | undefined {
  if (eventName === "pull_request_target") {
    const message = "pull_request_target runs with secrets for whoever opens a pull request";
    return { origin: "pull_request_target", message };
  }
  const event = payload(eventPath);
  const heads = [at(event, "pull_request", "head", "repo"), at(event, "workflow_run", "head_repository")];
  const fork = heads.map((head) => at(head, "full_name")).find((name) => isOther(name, repository));
  if (fork !== undefined) return { origin: "fork", message: `The commit comes from ${String(fork)}, a fork` };
  // The head of a pull request may be a fork's, and nothing here says whose it is.
  const named = [ref, eventName === "pull_request" ? undefined : own].find((name) =>
    /^refs\/pull\//.test(name ?? ""),
  );
  return named === undefined ? undefined : { origin: "fork", message: `${named} may be a fork's` };
}

function isOther(name: unknown, repository: string): boolean {
  return typeof name === "string" && name.toLowerCase() !== repository.toLowerCase();
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? (inner as Payload)[key] : undefined),
    value,
  );
}

function payload(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined; // outside of a runner there is none
  }
}
