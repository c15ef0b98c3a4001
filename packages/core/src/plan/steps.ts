import type { Config, HostCommand } from "../config/types.ts";
import { bridgeOf } from "./bridge.ts";
import { deliver } from "./delivery.ts";
import { type FleetFacts, hostsWith } from "./fleet.ts";
import type { Step } from "./types.ts";

/** Everything a deploy does, in order. A step no host has the roles for is dropped. */
export function deploySteps(fleet: FleetFacts): readonly Step[] {
  const { config } = fleet;
  const all = hostsWith(config, []);
  const { backup, migrate } = config;
  return withHosts([
    ...uploadSteps(fleet, all),
    ...config.prepare.map((command) => commandStep(config, "prepare", command)),
    ...(backup === undefined ? [] : [{ step: "backup" as const, hosts: [config.leader], backup }]),
    ...(migrate === undefined ? [] : [{ step: "migrate" as const, hosts: [config.leader], ...migrate }]),
    ...activateSteps(config).map((step) => (step.step === "finish" ? { ...step, ...keepFor(config) } : step)),
  ]);
}

/** A rollback switches, reloads, proves and marks; it uploads, prepares and migrates nothing. */
export function rollbackSteps(config: Config): readonly Step[] {
  return withHosts(activateSteps(config));
}

/**
 * What late hosts need to follow the fleet; no other host is named. `lacking` are the late ones that do not hold the
 * release. The database has had its migration: nothing backs up or migrates.
 */
export function reconcileSteps(
  fleet: FleetFacts,
  late: readonly string[],
  lacking: readonly string[],
): readonly Step[] {
  const { config } = fleet;
  const whole: readonly Step[] = [
    ...uploadSteps(fleet, lacking),
    ...config.prepare.map((command) => commandStep(config, "prepare", command)),
    ...activateSteps(config),
  ];
  return withHosts(whole.map((step) => onlyOn(step, isBefore(step) ? lacking : late)));
}

/** One for each way in which the release comes to hosts. */
function uploadSteps(fleet: FleetFacts, hosts: readonly string[]): readonly Step[] {
  const bridge = bridgeOf(fleet.config);
  return deliver(fleet, hosts).map((delivered) => ({
    step: "upload" as const,
    ...delivered,
    ...(bridge === undefined ? {} : { bridge }),
  }));
}

/** Only a deploy removes anything. In seconds, as hosts count. */
function keepFor({ keepFor }: Config): { readonly keepFor?: number } {
  return keepFor === undefined ? {} : { keepFor: Math.ceil(keepFor / 1000) };
}

function isBefore({ step }: Step): boolean {
  return step === "upload" || step === "prepare";
}

/** The same step on those of its hosts that are among `hosts`. */
export function onlyOn(step: Step, hosts: readonly string[]): Step {
  return { ...step, hosts: step.hosts.filter((host) => hosts.includes(host)) };
}

function activateSteps(config: Config): readonly Step[] {
  const all = hostsWith(config, []);
  const { reload, health } = config.activate;
  return [
    { step: "switch", hosts: all },
    ...reload.map((command) => commandStep(config, "reload", command)),
    ...(health === undefined
      ? []
      : [{ step: "health" as const, hosts: hostsWith(config, health.roles), health }]),
    { step: "finish", hosts: all },
  ];
}

function commandStep(config: Config, step: "prepare" | "reload", command: HostCommand): Step {
  return { step, hosts: hostsWith(config, command.roles), run: command.run, ...envFile(command) };
}

function envFile(command: { readonly envFile?: string }): { readonly envFile?: string } {
  return command.envFile === undefined ? {} : { envFile: command.envFile };
}

/** Without the steps that no host is left for. */
export function withHosts(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ hosts }) => hosts.length > 0);
}
