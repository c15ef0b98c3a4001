import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort, pathOfPart } from "@deploy/testkit";

/** HAProxy before these addresses, on a port of 127.0.0.1: a server whose `/check` says 404 gets nothing new. */
export async function openHaproxy(addresses: readonly string[]) {
  const home = mkdtempSync(join(tmpdir(), "deploy-haproxy-"));
  const port = await findFreePort();
  const conf = join(home, "haproxy.cfg");
  const servers = addresses.map((address, index) => `  server web${index + 1} ${address}:8080 check`);
  writeFileSync(
    conf,
    `defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout check 10s
frontend all
  bind 127.0.0.1:${port}
  default_backend shop
backend shop
  option httpchk GET /check
  http-check disable-on-404
  default-server inter 100ms fall 3 rise 1
${servers.join("\n")}
`,
  );
  const haproxy = spawn(pathOfPart("haproxy") ?? "haproxy", ["-db", "-f", conf], { stdio: "ignore" });
  return {
    port,
    async close() {
      haproxy.kill();
      await once(haproxy, "exit");
      rmSync(home, { recursive: true });
    },
  };
}
