import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "@deploy/core";
import { sshServer, testKeys, transportContract } from "@deploy/testkit";
import { localConnector } from "../src/local/connector.ts";
import { recordingTransport } from "../src/recording.ts";
import { sshConnector } from "../src/ssh/connector.ts";

const here = { name: "here", address: "127.0.0.1", port: 22, username: "me", roles: [] };
const keys = testKeys();

async function overSsh() {
  const directory = mkdtempSync(join(tmpdir(), "transport-"));
  const server = await sshServer({ directory, authorizedKey: keys.public });
  const connect = sshConnector({ knownHosts: server.knownHostsLine, privateKey: new Secret(keys.private) });
  const transport = await connect(server.host);
  return {
    transport,
    expose: (port: number) => server.setPort(port, port),
    cut: async () => void server.drop(),
    dispose: async () => {
      await transport.close();
      await server.close();
      rmSync(directory, { recursive: true });
    },
  };
}

async function locally() {
  const home = mkdtempSync(join(tmpdir(), "transport-"));
  const transport = await localConnector({ home })(here);
  const dispose = async () => {
    await transport.close();
    rmSync(home, { recursive: true });
  };
  return { transport, dispose };
}

transportContract("local", locally, { signals: true });

transportContract("ssh", overSsh);

transportContract(
  "recording, for reads,",
  async () => {
    const { transport, dispose } = await locally();
    return { transport: recordingTransport(transport, () => {}), dispose };
  },
  { http: "rehearsed" },
);
