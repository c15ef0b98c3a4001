import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { compileCache } from "@deploy/testkit";
import { root } from "../../scripts/lib/root.ts";

export interface DeskOptions {
  /** A clone of the repository: where commands are typed. */
  readonly folder: string;
  /** What ssh-agent holds. */
  readonly key: string;
  /** ~/.ssh/known_hosts. */
  readonly knownHosts: string;
  /** What the person has exported. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A person's machine with `deploy` installed: what a log tells to type is typed here, as it stands. */
export interface Desk {
  type(line: string): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
  close(): Promise<void>;
}

export async function openDesk({ folder, key, knownHosts, env = {} }: DeskOptions): Promise<Desk> {
  const home = mkdtempSync(join(tmpdir(), "deploy-desk-"));
  const [ssh, programs] = [join(home, ".ssh"), join(home, "bin")];
  for (const made of [ssh, programs]) mkdirSync(made, { mode: 0o700 });
  writeFileSync(join(ssh, "known_hosts"), knownHosts);
  const main = join(root, "packages/cli/src/main.ts");
  const script = `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`;
  writeFileSync(join(programs, "deploy"), script, { mode: 0o755 });
  const agent = await openAgent(join(home, "agent"), key);
  const path = [programs, dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter);
  return {
    type(line) {
      const given = { HOME: home, PATH: path, SSH_AUTH_SOCK: agent.socket, ...compileCache, ...env };
      const child = spawn("sh", ["-c", line], {
        cwd: folder,
        env: given,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let [out, err] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        out += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        err += text;
      });
      return new Promise((done, fail) => {
        child.once("error", fail);
        child.once("close", (code) => done({ code, out, err }));
      });
    },
    async close() {
      await agent.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function openAgent(socket: string, key: string) {
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: ["ignore", "pipe", "inherit"] });
  await once(agent.stdout, "data");
  const env = { PATH: process.env.PATH, SSH_AUTH_SOCK: socket };
  const added = spawnSync("ssh-add", ["-q", "-"], { input: key, env, encoding: "utf8" });
  if (added.status !== 0) throw new Error(`ssh-add: ${added.stderr}`);
  return {
    socket,
    async close() {
      agent.kill();
      await once(agent, "close");
    },
  };
}
