import { type Choice, chosenHosts, describeOwner, type Host, shortNames } from "@deploy/core";
import { type OpenHosts, openHosts } from "@deploy/session";
import { reading } from "./failure.ts";
import { readSettings } from "./fleet.ts";
import { type Io, signalOf } from "./io.ts";
import type { LoginOptions } from "./options.ts";
import { plainText } from "./plain.ts";
import type { Screen } from "./screen.ts";

/** Some hosts, open, and what people call them. */
export interface Reached extends OpenHosts {
  readonly hosts: readonly Host[];
  /** `web1`, as it stands in front of lines. */
  shown(host: string): string;
}

/** Connects to the hosts that were chosen, lets `work` use them, and closes them. What goes on beside it is told on stderr. */
export async function withHosts<T>(
  options: LoginOptions & Choice,
  otherwise: "leader" | "all",
  { io, screen }: { readonly io: Io; readonly screen: Screen },
  work: (reached: Reached) => Promise<T>,
): Promise<T> {
  const { config, configOptions, connection } = await readSettings(options, io);
  const hosts = await reading(() => chosenHosts(config, options, otherwise));
  const open = await openHosts(
    {
      ...configOptions,
      connection,
      ...(io.connect === undefined ? {} : { connect: io.connect }),
      events: (event) => event.kind === "note" && screen.warn(plainText(event.text)),
      signal: signalOf(io),
    },
    () => hosts,
  );
  const names = shortNames(config.hosts);
  try {
    return await work({ ...open, hosts, shown: (host) => names.get(host) ?? host });
  } finally {
    await open.close();
  }
}

/** Who deploys meanwhile, in words; undefined where nobody does, or it is not known. */
export function atWork({ facts }: OpenHosts): string | undefined {
  const held = facts.flatMap((each) => (each.reached && each.lock.expiresIn > 0 ? [each.lock] : []));
  const owner = held.find((lock) => lock.owner !== undefined)?.owner;
  return owner === undefined ? undefined : describeOwner(owner);
}
