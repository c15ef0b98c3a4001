import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Reloader } from "@deploy/testkit";
import { brokenRack, rack } from "./rack.ts";
import { startUnit } from "./unit.ts";

const unit = `[Service]
WorkingDirectory=/srv
ExecStart=/usr/bin/unicorn -c /srv/unicorn.rb
ExecReload=/bin/kill -HUP $MAINPID
`;

const config = (folder: string) => `working_directory "${folder}"
worker_processes 2
listen "127.0.0.1:8080"
preload_app false
`;

const service = { kind: "unicorn", unit: "shop.service", sudo: false };

export const unicorn: Reloader = {
  name: "unicorn by its unit",
  parts: ["systemctl", "findmnt", "unicorn"],
  activate: { service },
  untested: { service: { ...service, test: false } },
  ...{ systemd: true, gentle: true },
  ...{ app: rack, broken: brokenRack },
  port: 8080,
  async start(host, folder) {
    writeFileSync(join(host.root, "unicorn.rb"), config(folder));
    await startUnit(host, unit);
  },
};
