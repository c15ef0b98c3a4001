import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Reloader } from "@deploy/testkit";
import { brokenRack, rack } from "./rack.ts";
import { startUnit } from "./unit.ts";

/** `directory` and the config lie outside of the releases: the master never leaves the folder that it was started in. */
const unit = `[Service]
WorkingDirectory=/srv
ExecStart=/usr/bin/puma -C /srv/puma.rb
ExecReload=/bin/kill -USR1 $MAINPID
`;

const config = (folder: string) => `directory "${folder}"
workers 2
threads 1, 2
bind "tcp://127.0.0.1:8080"
prune_bundler
`;

const service = { kind: "puma", unit: "shop.service", sudo: false, within: "5s" };

export const puma: Reloader = {
  name: "puma by its unit",
  parts: ["systemctl", "findmnt", "puma", "rackup"],
  activate: { service },
  untested: { service: { ...service, test: false } },
  ...{ systemd: true, gentle: true, settles: true },
  ...{ app: rack, broken: brokenRack },
  port: 8080,
  async start(host, folder) {
    writeFileSync(join(host.root, "puma.rb"), config(folder));
    await startUnit(host, unit);
  },
};
