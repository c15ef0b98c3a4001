import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FleetHost, type SshdFleet, tcpProxy } from "@deploy/testkit";
import { type Asked, textOf } from "./rig.ts";

const entry = join(import.meta.dirname, "../../packages/cli/src/main.ts");

/**
 * `deploy run` as a process of its own: its exit code. `dies`: it is killed once this is true, with what the host says of it
 * still on its way, so that it sends nothing more; gives null then.
 */
export async function runCommand(
  fleet: SshdFleet,
  files: Readonly<Record<string, string>>,
  asked: Asked,
  dies?: () => boolean,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const [host] = fleet.hosts as readonly [FleetHost];
  const folder = mkdtempSync(join(tmpdir(), "configure-command-"));
  const proxy = await tcpProxy({ to: { host: host.address, port: host.port } });
  const pinned = host.knownHostsLine().split(" ").slice(1).join(" ");
  const hosts = [{ address: proxy.address, port: proxy.port, username: "deploy" }];
  mkdirSync(join(folder, ".github"));
  const written = {
    ...{ pins: `[${proxy.address}]:${proxy.port} ${pinned}\n`, key: fleet.keys.private },
    ".github/deploy.yml": textOf(asked, hosts, { exclude: ["/pins", "/key", "/.github"] }),
  };
  for (const [path, text] of Object.entries({ ...files, ...written }))
    writeFileSync(join(folder, path), text, { mode: 0o600 });
  const login = ["--known-hosts", "pins", "--identity-file", "key", "--commit", "f".repeat(40)];
  const held = dies === undefined ? undefined : proxy.holdWhen(dies, "toClient");
  const argv = ["--disable-warning=ExperimentalWarning", entry, "run", "--yes", ...login];
  const child = spawn(process.execPath, argv, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  const ended = once(child, "close");
  if (held !== undefined) {
    await Promise.race([held, ended]);
    child.kill("SIGKILL");
  }
  const [code] = (await ended) as [number | null];
  await proxy.close();
  rmSync(folder, { recursive: true });
  return { code, said };
}
