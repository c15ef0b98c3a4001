import { DeployError, type Host, Secret } from "@deploy/core";
import type { RemoteCommand } from "@deploy/remote";
import type { SshdFleet } from "@deploy/testkit";
import { type Connect, loadSshConnector, type Transport } from "@deploy/transport";

/** Straight to the hosts of a fleet, with no engine in between. */
export function connectorTo(fleet: SshdFleet): Promise<Connect> {
  return loadSshConnector({ knownHosts: fleet.knownHosts(), privateKey: new Secret(fleet.keys.private) });
}

/** The answer, or the error that the host gave; throws where the connection was lost. */
export async function asked<T>(transport: Transport, command: RemoteCommand<T>): Promise<T | DeployError> {
  const result = await transport.exec(command);
  if (result.status !== "exited") throw new Error(`${command.name}: ${JSON.stringify(result)}`);
  try {
    return command.parse(result);
  } catch (error) {
    if (error instanceof DeployError) return error;
    throw error;
  }
}

/** `count` connections of their own to one host, closed behind `act`. */
export async function withTransports<T>(
  fleet: SshdFleet,
  host: Host,
  count: number,
  act: (transports: readonly Transport[]) => Promise<T>,
): Promise<T> {
  const connect = await connectorTo(fleet);
  const transports = await Promise.all(Array.from({ length: count }, () => connect(host)));
  try {
    return await act(transports);
  } finally {
    await Promise.all(transports.map((transport) => transport.close()));
  }
}

/** Over a connection of its own. */
export function askHost<T>(
  fleet: SshdFleet,
  host: Host,
  command: RemoteCommand<T>,
): Promise<T | DeployError> {
  return withTransports(fleet, host, 1, (transports) => asked(transports[0] as Transport, command));
}
