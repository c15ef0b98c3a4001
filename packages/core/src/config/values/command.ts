import * as z from "zod";
import { duration } from "./duration.ts";
import { command, list, text } from "./leaves.ts";
import { mapping } from "./mapping.ts";
import { name } from "./name.ts";
import { readSharedFile, sharedPhrase } from "./paths.ts";

export const roles = () => list(name(), "roles");

/** Roles of hosts; none asked for means every host. */
export const anyRoles = () =>
  roles()
    .optional()
    .transform((given) => given ?? [])
    .describe("Only hosts with one of these roles. Without: every host.");

export const envFile = () =>
  text(sharedPhrase, readSharedFile)
    .optional()
    .describe(
      "File of `NAME=value` lines below `shared/`, in the dialect of dotenv, loaded into the command's environment.",
    );

/** Milliseconds. */
export const timeLimit = () =>
  duration().optional().describe("How long it may take, then it is ended. Without: as long as it takes.");

/** What every command on the hosts may say. */
export const commandKeys = () => ({
  run: command().describe("The command, run by `sh -c` under the umask and the locale of the login."),
  roles: anyRoles(),
  "env-file": envFile(),
  timeout: timeLimit(),
});

const whole = mapping(commandKeys()).meta({
  title: "command",
  description: "A command on the hosts, when it needs more than its text.",
});

/** A command the user configured, run by `sh -c` on hosts that have one of the roles (all hosts without). */
export type HostCommand = z.output<typeof whole>;

export const hostCommand = () =>
  z.union(
    [
      command()
        .transform((run) => ({ run }))
        .pipe(whole),
      whole,
    ],
    { error: "a command, or a mapping with run, roles, env-file, timeout" },
  );

export const hostCommands = () => list(hostCommand(), "commands");
