/** GitHub throws its own machines away after a job, and all that lies on them. */
export function isThrownAway(env: Readonly<Record<string, string | undefined>>): boolean {
  return env.RUNNER_ENVIRONMENT === "github-hosted";
}

/**
 * Where a store that is a folder may lie: nowhere on a machine that is thrown away, or where the config came from another one; else
 * below the workspace in a job of ours, and anywhere for whoever types a command.
 */
export function storeFolders(
  { thrownAway }: { readonly thrownAway: boolean },
  by: "command" | "job" | "other job",
): "anywhere" | "below" | "nowhere" {
  if (thrownAway || by === "other job") return "nowhere";
  return by === "job" ? "below" : "anywhere";
}
