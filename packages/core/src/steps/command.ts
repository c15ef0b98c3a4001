import { duration } from "../amounts.ts";
import type { Config, HostCommand } from "../config/types.ts";
import { hostsWith } from "../plan/fleet.ts";
import type { Style } from "../style.ts";
import type { Asked, OnHosts } from "./kind.ts";

/** A configured command as a step carries it. */
export interface StepCommand {
  readonly run: string;
  /** What people are shown in its place. */
  readonly shown?: string;
  readonly envFile?: string;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** One step for each command, on the hosts that have one of its roles. */
export function commandSteps(
  commands: readonly HostCommand[],
  { fleet, hosts }: Pick<Asked, "fleet" | "hosts">,
): readonly (StepCommand & OnHosts)[] {
  return commands.map((command) => ({
    hosts: among(fleet.config, command.roles, hosts),
    run: command.run,
    ...(command.envFile === undefined ? {} : { envFile: command.envFile }),
    ...(command.timeout === undefined ? {} : { timeout: command.timeout }),
  }));
}

/** Those of `hosts` that have one of the roles, in the config's order. */
export function among(config: Config, roles: readonly string[], hosts: readonly string[]): readonly string[] {
  return hostsWith(config, roles).filter((host) => hosts.includes(host));
}

export function envWords({ envFile }: Pick<StepCommand, "envFile">): string {
  return envFile === undefined ? "" : `, with shared/${envFile}`;
}

export function commandWords(step: StepCommand): string {
  return `${envWords(step)}${step.timeout === undefined ? "" : `, for at most ${duration(step.timeout)}`}`;
}

/** The same behind the command. */
export function commandBrief({ envFile, timeout }: StepCommand, { code }: Style): string {
  return [
    ...(envFile === undefined ? [] : [`with ${code(`shared/${envFile}`)}`]),
    ...(timeout === undefined ? [] : [`for at most ${duration(timeout)}`]),
  ].join(", ");
}
