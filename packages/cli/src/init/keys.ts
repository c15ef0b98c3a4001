import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DeployError } from "@deploy/core";
import { confirm } from "../confirm.ts";
import { pathOf } from "../credentials.ts";
import type { Io } from "../io.ts";
import { keyFileOf, knownHostsFile } from "../made.ts";
import type { Screen } from "../screen.ts";

/** What is asked for its host key. */
export interface Scanned {
  readonly address: string;
  readonly port: number;
}

/**
 * Makes the key that deploys, collects the servers' host keys, and once a person has compared them hands both to GitHub
 * by `gh`, or prints the lines that do. Nothing that is there is replaced. True: GitHub has both.
 */
export async function makeKeys(
  {
    app,
    folder,
    hosts,
  }: { readonly app: string; readonly folder: string; readonly hosts: readonly Scanned[] },
  { io, screen }: { readonly io: Io; readonly screen: Screen },
): Promise<boolean> {
  const key = pathOf(keyFileOf(app), io);
  const pins = join(folder, knownHostsFile);
  const program = (name: string, args: readonly string[], input = "") =>
    output(name, args, { cwd: folder, env: io.env, input });
  const tell = (made: boolean, path: string) =>
    screen.say(`${made ? screen.paint("green", "wrote") : screen.paint("dim", "kept ")} ${path}`);

  const made = !existsSync(key);
  if (made) {
    await mkdir(dirname(key), { recursive: true, mode: 0o700 });
    await program("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", `deploy-${app}`, "-f", key]);
  }
  tell(made, key);
  const scanned = !existsSync(pins);
  if (scanned) await writeFile(pins, await scan(hosts, program), { flag: "wx" });
  tell(scanned, pins);
  screen.say(`\n${await program("ssh-keygen", ["-l", "-f", pins])}`);
  screen.say("Each server says its own with: ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub");
  if (!(await compared(io))) return false;
  try {
    await program("gh", ["secret", "set", "SSH_PRIVATE_KEY"], await readFile(key, "utf8"));
    await program("gh", ["secret", "set", "SSH_KNOWN_HOSTS"], await readFile(pins, "utf8"));
  } catch (error) {
    screen.warn(`Warning: GitHub was not told: ${(error as Error).message}`);
    return false;
  }
  screen.say("GitHub has SSH_PRIVATE_KEY and SSH_KNOWN_HOSTS.");
  return true;
}

/** Whoever is not at a terminal compares later, and hands over by hand. */
async function compared(io: Io): Promise<boolean> {
  return io.stdin.isTTY === true && confirm(io, "Are they the same? Then GitHub gets key and host keys.");
}

type Program = (name: string, args: readonly string[]) => Promise<string>;

async function scan(hosts: readonly Scanned[], program: Program): Promise<string> {
  const found = await Promise.all(
    hosts.map(async ({ address, port }) => {
      const said = await program("ssh-keyscan", ["-T", "10", "-p", String(port), address]);
      const lines = said.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
      if (lines.length > 0) return lines;
      throw new DeployError("connect-failed", `${address} answers no ssh on port ${port}`, {
        place: { host: address },
      });
    }),
  );
  return `${found.flat().sort().join("\n")}\n`;
}

/** Standard output. Throws with what the program said last; its input is never shown. */
function output(
  name: string,
  args: readonly string[],
  { cwd, env, input }: { readonly cwd: string; readonly env: Io["env"]; readonly input: string },
): Promise<string> {
  return new Promise((done, fail) => {
    const child = execFile(name, args, { cwd, env: { ...env } }, (error, stdout, stderr) => {
      // ssh-keyscan also fails where one of several kinds of key is missing: what it found counts.
      if (error === null || name === "ssh-keyscan") return done(stdout);
      const last = stderr.trim().split("\n").at(-1) ?? "";
      const why = (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such program here" : last;
      fail(new DeployError("tool-missing", `${name}: ${why}`));
    });
    // A program that is not there, or reads no input, closes it.
    child.stdin?.on("error", () => {}).end(input);
  });
}
