import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type FleetHost, pathOfPart, until } from "@deploy/testkit/servers";

export const port = 8000;

/** As a balancer sees it. */
export const socketOn = ({ srv }: FleetHost): string => `${srv}/admin.sock`;

/** HAProxy on a host of its own, before these: who says 404 to `/check`, or is drained by the socket, gets nothing new. */
export async function startHaproxy(host: FleetHost, webs: readonly FleetHost[]): Promise<void> {
  const conf = join(host.files, "haproxy.cfg");
  const servers = webs.map(({ address }, index) => `  server web${index + 1} ${address}:8080 check`);
  writeFileSync(
    conf,
    `global
  stats socket ${socketOn(host)} mode 660 level admin
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout check 10s
frontend all
  bind *:${port}
  default_backend shop
backend shop
  option httpchk GET /check
  http-check disable-on-404
  default-server inter 100ms fall 3 rise 1
${servers.join("\n")}
`,
  );
  await host.start([pathOfPart("haproxy") ?? "haproxy", "-db", "-f", conf]);
  const up = () =>
    say(host, "show stat shop 4 -1").then((said) => said.match(/,UP,/g)?.length === webs.length);
  await until("HAProxy finds everybody up", () => up().catch(() => false));
}

/** As an operator does it, on the balancer itself. */
export async function say(host: FleetHost, line: string): Promise<string> {
  const socket = connect(join(host.root, "admin.sock"));
  socket.end(`${line}\n`);
  return text(socket);
}
