import type { Reloader } from "@deploy/testkit";
import { startUnit } from "./unit.ts";
import { brokenWsgi, wsgi } from "./wsgi.ts";

const unit = (folder: string) => `[Service]
WorkingDirectory=/srv
ExecStart=/usr/bin/gunicorn --chdir ${folder} --workers 2 --bind 127.0.0.1:8080 wsgi:app
ExecReload=/bin/kill -HUP $MAINPID
`;

const service = { kind: "gunicorn", unit: "shop.service", sudo: false, app: "wsgi:app" };

export const gunicorn: Reloader = {
  name: "gunicorn by its unit",
  parts: ["systemctl", "findmnt", "gunicorn"],
  activate: { service },
  untested: { service: { ...service, test: false } },
  ...{ systemd: true, gentle: true },
  ...{ app: wsgi, broken: brokenWsgi },
  port: 8080,
  start: (host, folder) => startUnit(host, unit(folder)),
};
