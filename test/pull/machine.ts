import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type PullerSettings, pullerFiles } from "@deploy/remote";
import { makeHost, type Shell, type TestHost } from "../../packages/remote/test/host.ts";

/** A machine that deploys itself, with a name of its own in the store. */
export interface Machine {
  readonly host: TestHost;
  /** One pass: its last line. With `killAt`, all of it is killed once it has traced so many lines. */
  pass(killAt?: number): Promise<{ readonly said: string; readonly lines: number; readonly killed: boolean }>;
  /** The release that `current` leads to. */
  live(): string | undefined;
  install(more: Partial<PullerSettings>): void;
  remove(): void;
}

/** What no userland has, and every cloud image. */
const openssl = { openssl: "/usr/bin/openssl", curl: "/usr/bin/curl" };

export function makeMachine(shell: Shell, settings: PullerSettings, publicKey: string): Machine {
  const host = makeHost({ ...shell, programs: { ...openssl, ...shell.programs } });
  const install = (more: Partial<PullerSettings>) => {
    for (const [name, text] of pullerFiles({ ...settings, ...more }, publicKey)) {
      const path = join(host.base, ".deploy/puller", name);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, text);
    }
  };
  install({});
  const current = join(host.base, "current");
  return {
    host,
    install,
    pass: (killAt) => passOf(host, killAt),
    live: () => (existsSync(join(current, "REVISION")) ? readlinkSync(current).split("/")[1] : undefined),
    remove: () => host.remove(),
  };
}

function passOf(host: TestHost, killAt: number | undefined): ReturnType<Machine["pass"]> {
  return new Promise((resolve) => {
    const script = join(host.base, ".deploy/puller/agent/puller.sh");
    const args = [...(killAt === undefined ? [] : ["-x"]), script, host.base];
    const child = spawn(join(host.home, ".bin/sh"), args, {
      env: host.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let lines = 0;
    child.stdout.on("data", (text: Buffer) => {
      out += text.toString();
    });
    child.stderr.on("data", (text: Buffer) => {
      lines += text.toString().split("\n").length - 1;
      if (killAt === undefined) out += text.toString();
      else if (lines >= killAt && child.pid !== undefined) endGroup(child.pid);
    });
    child.on("close", (_, signal) =>
      resolve({ said: out.trim().split("\n").at(-1) ?? "", lines, killed: signal === "SIGKILL" }),
    );
  });
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It had ended.
  }
}

/** What a machine keeps of a pointer. */
export const remembered = (machine: Machine): string =>
  readFileSync(join(machine.host.base, ".deploy/puller/pointer"), "utf8");
