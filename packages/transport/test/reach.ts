import { lookup } from "node:dns/promises";
import { json } from "node:stream/consumers";
import { type Host, Secret } from "@deploy/core";
import { sshConnector } from "../src/ssh/connector.ts";

interface Asked {
  readonly host: Host;
  readonly knownHosts: string;
  readonly key: string;
}

// A process of its own, since the system's look-up is another one there: what it finds, and whether it connects.
const { host, knownHosts, key } = (await json(process.stdin)) as Asked;
const seen = (await lookup(host.address, { all: true })).map(({ address }) => address);
const transport = await sshConnector({ knownHosts, privateKey: new Secret(key) })(host);
await transport.close();
console.log([...seen, "connected"].join("\n"));
