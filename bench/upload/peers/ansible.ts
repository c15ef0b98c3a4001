import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { livingWith, spawnTimed } from "../spawn.ts";
import type { Exchange, Peer } from "../types.ts";
import type { World } from "../world.ts";

/** Three tasks, no facts, pipelining, 64 forks: one archive of everything, since ansible-core itself knows no delta. */
export function ansiblePeer(world: World): Peer {
  const at = (name: string) => join(world.work, name);
  let control = "";
  return {
    name: "Ansible",
    live: "ansible/current",
    exchange: (exchange) => (exchange === "equal" ? "curve25519" : "OpenSSH's default"),
    missing: () =>
      existsSync("/usr/bin/ansible-playbook") ? undefined : "ansible-playbook is not installed",
    async begin(exchange: Exchange) {
      control = at(`mux-${exchange}`);
      writeFileSync(at("hosts.ini"), world.fleet.hosts.map(({ address }) => `${address}\n`).join(""));
      writeFileSync(at("deploy.yml"), playbook);
      writeFileSync(at("ansible.cfg"), settings(world.sshConfig(exchange), control));
    },
    async deploy({ number }) {
      const archive = at("app.tgz");
      const vars = `archive=${archive} release=${number} old=${number - 2}`;
      const line = 'tar -C "$1" -czf "$2" . && exec ansible-playbook -i hosts.ini deploy.yml -e "$3"';
      const before = livingWith(control).cpu;
      const sample = await spawnTimed(["sh", "-c", line, "sh", world.app, archive, vars], world.work, {
        ANSIBLE_CONFIG: at("ansible.cfg"),
        HOME: world.work,
      });
      const shared = livingWith(control);
      for (const pid of shared.pids) process.kill(pid);
      return { ...sample, cpu: sample.cpu + shared.cpu - before };
    },
  };
}

const settings = (sshConfig: string, control: string): string => `[defaults]
forks = 64
gathering = explicit
host_key_checking = True
interpreter_python = /usr/bin/python3
[ssh_connection]
pipelining = True
ssh_args = -F ${sshConfig} -C -o ControlMaster=auto -o ControlPersist=60s
control_path_dir = ${control}
`;

const playbook = `- hosts: all
  gather_facts: false
  remote_user: root
  tasks:
    - copy: { src: "{{ archive }}", dest: "/srv/app.tgz" }
    - shell: mkdir -p /srv/ansible/releases/{{ release }} && tar -C /srv/ansible/releases/{{ release }} -xzf /srv/app.tgz
    - shell: cd /srv/ansible && ln -s releases/{{ release }} current.new && mv -T current.new current && rm -rf releases/{{ old }}
`;
