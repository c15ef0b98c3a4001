import type { Tells } from "@deploy/core";
import type { Repository } from "./repository.ts";

/** What a person said, or the folder. */
export interface Answers {
  readonly app: string;
  readonly deployTo: string;
  /** The name that visitors type; `_` is any. */
  readonly domain: string;
  /** Who logs in to deploy, and owns the releases. */
  readonly user: string;
}

/** The server that runs an app, as one unit of systemd. */
export interface Unit {
  /** `user`: a unit of the deploy user's own, which needs no root to be started anew. */
  readonly of: "system" | "user";
  /** The command of `[Service]`, as systemd reads it. */
  readonly start: string;
  readonly execReload?: string;
  readonly folder: string;
}

/** A command of the config that is more than a line: run where what it reads has changed, or told what is in `.env`. */
export type Detailed = { readonly run: string } & (
  | { readonly reads: readonly string[]; readonly makes: readonly string[] }
  | { readonly "env-file": string }
);

/** A command that starts the application, and so has to be told what the application is told. */
export const told = (run: string): Detailed => ({ run, "env-file": ".env" });

/** Where the application says that it is well, and what else it is asked with. */
export interface Asked {
  readonly path: string;
  readonly headers?: readonly string[];
}

/** What the config says of an app of this stack, and what stands on a server of it. */
export interface Recipe {
  readonly source?: string;
  /** What the build makes and git ignores: sent all the same. */
  readonly built?: readonly string[];
  readonly exclude: readonly string[];
  readonly build: readonly string[];
  readonly prepare: readonly (string | Detailed)[];
  readonly shared: { readonly directories: readonly string[]; readonly files: readonly string[] };
  readonly migrate?: string | Detailed;
  readonly service?: Readonly<Record<string, string>>;
  readonly unit?: Unit;
  /** Where nginx finds files by itself, below `current`; `.` is all of it. */
  readonly root?: string;
  /** What nginx passes the rest to: an application on loopback, PHP by FPM, or nothing but a file. */
  readonly behind: "port" | "php" | "files";
  /** Debian's packages that a server needs; `node:nodejs` where the program has another name. */
  readonly packages: readonly string[];
  /** How the app tells the release that it has loaded: where it goes, and what. */
  readonly tells: Tells;
  /** `/` unless told. */
  readonly asked?: Asked;
  /** Lines of a shell, before the first deploy: what the servers' `.env` must hold. */
  readonly settings?: readonly string[];
  /** What only a person can settle before visitors come, a sentence each. */
  readonly left?: readonly string[];
}

/** A kind of application that `deploy init` knows. */
export interface Stack {
  readonly name: string;
  readonly words: string;
  found(repository: Repository): boolean;
  recipe(answers: Answers, repository: Repository): Recipe;
}

/** The port on loopback that an app listens on, behind nginx. */
export const port = 8080;

export const current = ({ deployTo }: Answers): string => `${deployTo}/current`;

/** A unit of the deploy user's own, in `current`: its restart needs no root. */
export function ownUnit(answers: Answers, start: string): Pick<Recipe, "service" | "unit"> {
  return {
    service: { kind: "systemd-user", unit: `${answers.app}.service` },
    unit: { of: "user", start, folder: current(answers) },
  };
}
