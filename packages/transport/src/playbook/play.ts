import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DeployError, type Secret } from "@deploy/core";
import type { Transport } from "../port.ts";
import { localAnsible, runProgram } from "./program.ts";
import { readReport, type Told } from "./report.ts";
import { environmentOf, makeRoom, type PlayedHost, type Room } from "./room.ts";
import { listen } from "./wire.ts";

export interface PlayOptions {
  /** A release, unpacked on this machine; absolute. */
  readonly tree: string;
  /** Below it. */
  readonly file: string;
  readonly tags: readonly string[];
  readonly hosts: readonly PlayedHost[];
  readonly transportOf: (host: string) => Transport | undefined;
  /** Variables of every host. */
  readonly facts: Readonly<Record<string, string>>;
  /** Check mode: nothing is changed. */
  readonly check: boolean;
  /** How files differ is told, with whatever they hold. */
  readonly diff: boolean;
  readonly vault?: Secret | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly onOutput: (text: string) => void;
  /** `ansible-playbook` unless told. */
  readonly program?: string;
}

/** Exit code, and what became of tasks and hosts. */
export type Played = Told & { readonly code: number };

const mostForks = 50;

/**
 * Runs a playbook of the release with this machine's Ansible, over the connections that are open: no key leaves this
 * process, and hosts are known by the keys that were checked. Throws `ansible-unusable`, `playbook-missing`, `playbook-ended`.
 */
export async function play(options: PlayOptions): Promise<Played> {
  const { tree, file, hosts, facts, program = "ansible-playbook" } = options;
  const path = join(tree, file);
  if (!(await stat(path).catch(() => undefined))?.isFile())
    throw new DeployError("playbook-missing", `${file} is not in the release`);
  await localAnsible(program);
  const room = await makeRoom(hosts, facts);
  const server = await listen(room.socket, { ...options, rehearses: options.check });
  try {
    const code = await runProgram({
      ...options,
      program,
      args: argumentsOf(options, room, path),
      // Its ansible.cfg, roles and group_vars are found from there.
      cwd: dirname(path),
      env: environmentOf(room, Math.min(mostForks, Math.max(5, hosts.length))),
    });
    return { code, ...readReport(await readFile(room.report, "utf8")) };
  } finally {
    server.close();
    await room.close();
  }
}

function argumentsOf({ tags, check, diff, vault }: PlayOptions, room: Room, path: string): readonly string[] {
  return [
    ...["--inventory", room.inventory],
    ...(check ? ["--check"] : []),
    ...(diff ? ["--diff"] : []),
    ...(tags.length === 0 ? [] : ["--tags", tags.join(",")]),
    ...(vault === undefined ? [] : ["--vault-password-file", room.vault]),
    ...["--", path],
  ];
}
