import type { Reloader } from "@deploy/testkit";
import { asRoot, writeFiles } from "./unit.ts";

/** A static site: `current` is followed for each request. The long answer is one that a visitor takes its time to read. */
const site = (folder: string) => `server {
  listen 127.0.0.1:8080;
  root ${folder}/public;
  location = /up {
    default_type text/plain;
    if (!-f ${folder}/public/index.html) { return 503; }
    alias ${folder}/RELEASE;
  }
  location = /long { alias /srv/long; }
}
`;

const service = { kind: "nginx", sudo: false };

export const nginx: Reloader = {
  name: "nginx with a static site",
  parts: ["systemctl", "findmnt", "nginx"],
  activate: { service },
  ...{ systemd: true, gentle: true, reads: true },
  app: { "public/index.html": "here" },
  broken: { "else.html": "nothing in public" },
  port: 8080,
  async start(host, folder) {
    await writeFiles(host, { "/etc/nginx/sites-enabled/default": site(folder) });
    await asRoot(host, "truncate -s 64M /srv/long && echo over >>/srv/long");
    await asRoot(host, "systemctl restart nginx.service");
  },
};
