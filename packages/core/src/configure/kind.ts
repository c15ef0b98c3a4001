/** How far deploy goes with a file of a server's: it compares, it writes as the login, or a helper writes as root. */
export const levels = ["check", "user", "apply"] as const;
export type Level = (typeof levels)[number];

/** One kind of server whose files can come with a release. */
export interface ConfigureKind {
  readonly words: string;
  /** What reads the file before anybody switches, as people call it; absent: nothing does. */
  readonly tool?: string;
  /**
   * Shell text, as the deploy user, without a running server: exits with 0 where the server's own program takes `$file`, the file
   * with its values. `$to` is where it is to stand, `$work` an empty folder of its own. What it prints is shown.
   */
  readonly test?: string;
  /** Where its files stand unless told, where there is one place. */
  to?(app: string, from: string, level: Level): string;
  /** Those at which it can be asked for. */
  readonly levels: readonly Level[];
}

/** The last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
