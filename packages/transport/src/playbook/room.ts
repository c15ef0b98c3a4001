import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { groupsOf, type Host } from "@deploy/core";
import { plugins } from "./plugins.gen.ts";

/** A host as the playbook knows it. */
export type PlayedHost = Pick<Host, "name" | "roles">;

/** Where Ansible finds the inventory and our plugins; nobody else may read it. */
export interface Room {
  readonly folder: string;
  readonly inventory: string;
  readonly vault: string;
  readonly socket: string;
  readonly report: string;
  close(): Promise<void>;
}

/** `facts`: variables of every host. A role is a group. */
export async function makeRoom(
  hosts: readonly PlayedHost[],
  facts: Readonly<Record<string, string>>,
): Promise<Room> {
  const folder = await mkdtemp(join(tmpdir(), "deploy-play-"));
  const at = (name: string) => join(folder, name);
  await Promise.all(["connection", "callback"].map((name) => mkdir(at(name))));
  await writeFile(at("connection/deploy.py"), plugins.deploy);
  await writeFile(at("callback/report.py"), plugins.report);
  await writeFile(at("vault.py"), plugins.vault, { mode: 0o700 });
  await writeFile(at("report"), "");
  await writeFile(at("inventory.json"), JSON.stringify(inventoryOf(hosts, facts)));
  return {
    folder,
    inventory: at("inventory.json"),
    vault: at("vault.py"),
    socket: at("socket"),
    report: at("report"),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

function inventoryOf(hosts: readonly PlayedHost[], facts: Readonly<Record<string, string>>) {
  const named = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, {}]));
  return {
    all: {
      hosts: named(hosts.map(({ name }) => name)),
      vars: { ansible_connection: "deploy", ...facts },
      children: Object.fromEntries(
        [...groupsOf(hosts)].map(([role, names]) => [role, { hosts: named(names) }]),
      ),
    },
  };
}

/** No secret of a job's environment; what a person set for Ansible stays in `ansible.cfg`, beside the playbook. */
export function environmentOf({ folder, socket, report }: Room, forks: number): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return {
    ...(PATH === undefined ? {} : { PATH }),
    ...(HOME === undefined ? {} : { HOME }),
    LC_ALL: "C.UTF-8",
    PYTHONDONTWRITEBYTECODE: "1",
    DEPLOY_SOCKET: socket,
    DEPLOY_REPORT: report,
    ANSIBLE_CONNECTION_PLUGINS: join(folder, "connection"),
    ANSIBLE_CALLBACK_PLUGINS: join(folder, "callback"),
    ANSIBLE_CALLBACKS_ENABLED: "report",
    ANSIBLE_LOCAL_TEMP: join(folder, "tmp"),
    ANSIBLE_PIPELINING: "1",
    ANSIBLE_NOCOLOR: "1",
    ANSIBLE_RETRY_FILES_ENABLED: "0",
    ANSIBLE_FORKS: String(forks),
  };
}
