import { type SshdFleet, tcpProxy } from "@deploy/testkit/servers";

/** The same hosts at other addresses, behind proxies that delay every byte: `rtt` milliseconds to them and back. 0: as they are. */
export async function farAway(fleet: SshdFleet, rtt: number): Promise<SshdFleet> {
  if (rtt === 0) return fleet;
  const proxies = await Promise.all(
    fleet.hosts.map((host, index) =>
      tcpProxy({
        to: { host: host.address, port: host.port },
        address: `127.77.0.${index + 1}`,
        port: host.port,
      }),
    ),
  );
  for (const proxy of proxies) proxy.latency(rtt / 2);
  const address = (index: number): string => proxies[index]?.address ?? "";
  return {
    ...fleet,
    hosts: fleet.hosts.map((host, index) => ({ ...host, address: address(index) })),
    knownHosts: () =>
      fleet.hosts.reduce(
        (text, host, index) =>
          text
            .split("\n")
            .map((line) => line.replace(new RegExp(`^${host.address}(?= )`), address(index)))
            .join("\n"),
        fleet.knownHosts(),
      ),
    async close() {
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await fleet.close();
    },
  };
}
