import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { FleetHost } from "@deploy/testkit";

/** How this machine reaches its registries; a server beside it is set up alike. */
const told = ["PIP_INDEX_URL", "PIP_CERT", "npm_config_registry", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"];

/**
 * Hosts of the test kit have no way out. This one gets the way that many servers have: a proxy that only passes
 * connections on, named in /etc/environment, which every login reads. Returns what ends it.
 */
export async function giveInternet(host: FleetHost, gateway: string): Promise<() => void> {
  const proxy = createServer((_, response) => response.writeHead(501).end());
  proxy.on("connect", ({ url = "" }, client, head) => {
    const [, name = "", port] = /^\[?(.*?)\]?:(\d+)$/.exec(url) ?? [];
    const server = connect(Number(port), name, () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      server.write(head);
      server.pipe(client).pipe(server);
    });
    for (const [one, other] of [
      [server, client],
      [client, server],
    ] as const)
      one.on("error", () => other.destroy());
  });
  await new Promise<void>((done) => proxy.listen(0, gateway, done));
  const address = `http://${gateway}:${(proxy.address() as AddressInfo).port}`;
  const lines = [
    `https_proxy=${address}`,
    ...told.flatMap((name) => (process.env[name] === undefined ? [] : [`${name}=${process.env[name]}`])),
  ];
  await host.exec(["sh", "-c", "cat >>/etc/environment"], `${lines.join("\n")}\n`);
  return () => {
    proxy.close();
    proxy.closeAllConnections();
  };
}
