import { duration } from "../amounts.ts";
import type { Service } from "../config/types.ts";
import { among, type StepCommand } from "./command.ts";
import type { Asked, OnHosts } from "./kind.ts";
import type { QuietStep } from "./quiet.ts";

/** A server that is told of a release, as a reload step carries it. */
export interface ReloadCommand extends StepCommand {
  /** Which server it is; absent for a command of the user's. */
  readonly service?: string;
  /** Instead of `run` on the way back. */
  readonly back?: string;
  readonly before?: string;
  readonly settled?: string;
  /** Milliseconds until it has settled. */
  readonly within?: number;
}

/** Milliseconds between two looks at whether a server has settled. */
const pause = 200;

/** What is asked of each server in the new release's folder; on a way back the release was served before. */
export function serviceTests({ fleet, hosts, plan }: Asked): readonly (StepCommand & OnHosts)[] {
  if (plan !== "deploy") return [];
  return (fleet.config.activate.service ?? []).flatMap(
    ({ roles, timeout, commands: { name, check, test } }) =>
      [
        { text: check, shown: `check of ${name}` },
        { text: test, shown: test },
      ].flatMap(({ text, shown = "" }) =>
        text === undefined
          ? []
          : [
              {
                hosts: among(fleet.config, roles, hosts),
                run: text,
                shown,
                ...(timeout === undefined ? {} : { timeout }),
              },
            ],
      ),
  );
}

/** Who works off a queue. */
const works = ({ commands: { quiet } }: Service) => quiet !== undefined;

export function serviceQuiets({ fleet, hosts }: Asked): readonly (QuietStep & OnHosts)[] {
  return (fleet.config.activate.service ?? []).flatMap(({ roles, timeout, commands: { name, quiet } }) =>
    quiet === undefined
      ? []
      : [
          {
            ...{ hosts: among(fleet.config, roles, hosts), run: quiet, service: name },
            ...(timeout === undefined ? {} : { timeout }),
          },
        ],
  );
}

/** `workers`: those that work off a queue, or those that do not. */
export function serviceReloads(
  { fleet, hosts }: Asked,
  workers: boolean,
): readonly (ReloadCommand & OnHosts)[] {
  const services = (fleet.config.activate.service ?? []).filter((one) => works(one) === workers);
  return services.flatMap(({ roles, within, timeout, commands }) => {
    const { name, run, back, before, settled } = commands;
    if (run === undefined) return [];
    return {
      ...{ hosts: among(fleet.config, roles, hosts), run, service: name },
      ...(back === undefined ? {} : { back }),
      ...(before === undefined ? {} : { before }),
      ...(settled === undefined ? {} : { settled, within }),
      ...(timeout === undefined ? {} : { timeout }),
    };
  });
}

/** What a host runs for it: the command, and then what says that only the new release is served. */
export function reloadText(step: ReloadCommand, run = step.run): string {
  const { before, settled, within = 0, service } = step;
  if (settled === undefined) return run;
  return [
    ...(before === undefined ? [] : [`before=$(${before})`]),
    `{ ${run}\n} || exit`,
    `left=${Math.ceil(within / pause)}`,
    `until ${settled}\ndo`,
    '  [ "$?" != 69 ] || exit 69',
    `  [ "$left" -gt 0 ] || { echo "deploy: ${service} still serves another release after ${duration(within)}" >&2; exit 75; }`,
    `  left=$((left - 1)); sleep ${pause / 1000}`,
    "done",
  ].join("\n");
}

export function reloadWords({ service, settled, within = 0 }: ReloadCommand): string {
  if (service === undefined) return "in the live folder";
  const until = settled === undefined ? "" : `, until it serves the release, for at most ${duration(within)}`;
  return `${service}${until}`;
}
