import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type FleetHost, pathOfPart } from "@deploy/testkit/servers";
import { untilServing } from "./load.ts";

/** Both on one host, beside its HAProxy. */
export const nginxPort = 8001;
export const caddyPort = 8002;
/** nginx as people have it: it asks nobody for health, and repeats no POST. */
export const plainPort = 8003;

const list = (webs: readonly FleetHost[], port: number, words = "") =>
  webs.map(({ address }) => `server ${address}:${port}${words};`).join(" ");

/** nginx without its commercial part: a host that leaves says 503 to everything, and what it refused goes to the next. */
export async function startNginx(host: FleetHost, webs: readonly FleetHost[]): Promise<void> {
  const folder = join(host.files, "nginx");
  mkdirSync(folder, { recursive: true });
  const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  writeFileSync(
    join(folder, "nginx.conf"),
    `user root; worker_processes 1; pid ${folder}/pid; error_log stderr; daemon off; events {}
http {
  access_log off; ${temp.join(" ")}
  upstream shop { ${list(webs, 8081, " max_fails=0")} }
  upstream plain { ${list(webs, 8080)} }
  server { listen ${nginxPort}; location / {
    proxy_pass http://shop;
    proxy_next_upstream error http_503 non_idempotent;
  } }
  server { listen ${plainPort}; location / { proxy_pass http://plain; } }
}
`,
  );
  await host.start([pathOfPart("nginx") ?? "nginx", "-e", "stderr", "-c", join(folder, "nginx.conf")]);
  for (const port of [nginxPort, plainPort]) await untilServing({ host: host.address, port });
}

/** Caddy asks for health itself. */
export async function startCaddy(host: FleetHost, webs: readonly FleetHost[]): Promise<void> {
  const file = join(host.files, "Caddyfile");
  writeFileSync(
    file,
    `{
  admin off
}
:${caddyPort} {
  reverse_proxy ${webs.map(({ address }) => `${address}:8080`).join(" ")} {
    lb_policy round_robin
    health_uri /check
    health_interval 100ms
    health_timeout 5s
  }
}
`,
  );
  await host.start([pathOfPart("caddy") ?? "caddy", "run", "--config", file, "--adapter", "caddyfile"], {
    HOME: host.files,
  });
  await untilServing({ host: host.address, port: caddyPort });
}
