// Many SSH servers in one process: each runs a real sh in a folder of its own. argv: folder, number. stdout: one JSON
// line; ends when stdin does.
import { sshServer, testKeys } from "@deploy/testkit/servers";

const [directory = "", number = "0"] = process.argv.slice(2);
const keys = testKeys();
const servers = await Promise.all(
  Array.from({ length: Number(number) }, (_, index) =>
    sshServer({ directory, name: `host${index}`, authorizedKey: keys.public }),
  ),
);
const ports = servers.map(({ port }) => port);
const knownHosts = servers.map(({ knownHostsLine }) => knownHostsLine).join("\n");
process.stdout.write(`${JSON.stringify({ ports, knownHosts, privateKey: keys.private })}\n`);
process.stdin.on("end", async () => {
  await Promise.all(servers.map((server) => server.close()));
  process.exit(0);
});
process.stdin.resume();
