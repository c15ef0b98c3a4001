import type { Reloader } from "@deploy/testkit";
import { asRoot, writeFiles } from "./unit.ts";
import { brokenWsgi, wsgi } from "./wsgi.ts";

const program = (folder: string) => `[program:shop]
directory=/srv
command=/usr/bin/gunicorn --chdir ${folder} --workers 2 --bind 127.0.0.1:8080 wsgi:app
`;

const service = {
  ...{ kind: "supervisor", program: "shop", signal: "HUP" },
  test: "gunicorn --check-config wsgi:app",
};

export const supervisor: Reloader = {
  name: "gunicorn by supervisor",
  parts: ["systemctl", "findmnt", "supervisord", "gunicorn"],
  activate: { service },
  untested: { service: { ...service, test: false } },
  ...{ systemd: true, gentle: true },
  ...{ app: wsgi, broken: brokenWsgi },
  port: 8080,
  async start(host, folder) {
    await writeFiles(host, { "/etc/supervisor/conf.d/shop.conf": program(folder) });
    await asRoot(host, "systemctl restart supervisor.service");
  },
};
