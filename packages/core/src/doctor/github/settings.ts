import type { Remark } from "../remark.ts";
import type { Call } from "./calls.ts";

/** What GitHub says of a repository to who may look: names, never values. */
export interface GitHubSeen {
  /** Secrets of the repository, and those of the organization that it has. */
  readonly secrets: readonly string[];
  /** Of the environment alone. */
  readonly own: readonly string[];
  /** Absent: GitHub has no such environment. */
  readonly environment?: {
    /** Somebody has to approve. */
    readonly reviewed: boolean;
    /** Patterns of branches that may deploy; absent: every one. */
    readonly branches?: readonly string[];
  };
}

const about = "github";

/** Secrets that a job does not get, and branches that an environment refuses. `seen` absent: nobody could look. */
export function gitHubRemarks(
  seen: GitHubSeen | undefined,
  calls: readonly Call[],
  environment: string,
): readonly Remark[] {
  if (seen === undefined) {
    const text = "secrets and the environment's rules are not looked at: gh says nothing of them here";
    return [
      {
        level: "unknown",
        about,
        text,
        fix: "gh auth login, then deploy doctor",
        inAction: "Run the command at a desk that has gh.",
      },
    ];
  }
  const own = calls.filter(({ environment: named }) => named === undefined || named === environment);
  const bad = [...secrets(seen, own), ...branches(seen, own, environment)];
  if (bad.length > 0) return bad;
  const asked = seen.environment?.reviewed === true ? "somebody approves" : "nobody is asked to approve";
  return [{ level: "ok", about, text: `the secrets are set; of ${environment}, ${asked}` }];
}

function secrets(seen: GitHubSeen, calls: readonly Call[]): readonly Remark[] {
  const wanted = [...new Set(calls.flatMap((call) => call.secrets))];
  return wanted
    .filter((name) => !seen.secrets.includes(name))
    .map((name): Remark => {
      const fix = `gh secret set ${name}`;
      if (!seen.own.includes(name))
        return {
          level: "warn",
          about,
          text: `the secret ${name}, which a workflow hands over, is not set`,
          fix,
        };
      const text = `the secret ${name} is the environment's alone: the plan, which runs before anybody approves, does not get it`;
      return { level: "warn", about, text, fix: `${fix}, or plan-environment: docs/guides/approvals.md` };
    });
}

function branches({ environment }: GitHubSeen, calls: readonly Call[], name: string): readonly Remark[] {
  const allowed = environment?.branches;
  if (allowed === undefined) return [];
  const pushed = [...new Set(calls.flatMap((call) => call.branches))];
  return pushed
    .filter((branch) => !/[*?[\]!+]/.test(branch) && !allowed.some((pattern) => matches(pattern, branch)))
    .map((branch): Remark => {
      const text = `the environment ${name} takes no deploy of ${branch}: it allows ${allowed.join(", ") || "no branch"}`;
      return { level: "warn", about, text, fix: `allow ${branch} in the settings of the environment` };
    });
}

/** As Ruby's File.fnmatch without a flag for paths: `*` ends at a slash. */
function matches(pattern: string, branch: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]");
  return new RegExp(`^${source.replaceAll("[^/]*[^/]*", ".*")}$`).test(branch);
}
