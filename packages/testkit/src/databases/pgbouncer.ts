import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findFreePort } from "../fleet/fleet.ts";
import { pathOfPart } from "../parts.ts";
import type { Postgres } from "./postgres.ts";
import { asServer, serverFolder, start, stop, told } from "./program.ts";

export interface Pgbouncer {
  readonly port: number;
  close(): Promise<void>;
}

/** PgBouncer on loopback before all databases of this server, as `admin`. */
export async function openPgbouncer(server: Postgres, mode: "session" | "transaction"): Promise<Pgbouncer> {
  const { root, folder } = serverFolder("bouncer", "run");
  const port = await findFreePort();
  const quoted = `"${server.user}" "${server.password.replaceAll('"', '""')}"`;
  writeFileSync(join(root, "users"), `${quoted}\n`, { mode: 0o644 });
  const settings = [
    ...["[databases]", `* = host=127.0.0.1 port=${server.port}`, "[pgbouncer]"],
    ...["listen_addr = 127.0.0.1", `listen_port = ${port}`, `unix_socket_dir = ${folder}`],
    ...["auth_type = scram-sha-256", `auth_file = ${join(root, "users")}`, `pool_mode = ${mode}`],
    "ignore_startup_parameters = extra_float_digits,options",
  ];
  writeFileSync(join(root, "ini"), `${settings.join("\n")}\n`, { mode: 0o644 });
  const program = pathOfPart("pgbouncer") ?? "pgbouncer";
  const pooler = start([...asServer, program, join(root, "ini")], root);
  await told(pooler, "stderr", /process up/);
  return {
    port,
    async close() {
      await stop(pooler, "SIGINT");
      rmSync(root, { recursive: true, force: true });
    },
  };
}
