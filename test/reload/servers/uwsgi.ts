import type { Reloader } from "@deploy/testkit";
import { startUnit } from "./unit.ts";
import { brokenWsgi, wsgi } from "./wsgi.ts";

const unit = (folder: string) => `[Service]
Type=notify
WorkingDirectory=/srv
ExecStart=/usr/bin/uwsgi --plugin python3 --master --processes 2 --need-app --chdir ${folder} --module wsgi:app --http-socket 127.0.0.1:8080
ExecReload=/bin/kill -HUP $MAINPID
KillSignal=SIGQUIT
`;

const service = { kind: "uwsgi", unit: "shop.service", sudo: false, app: "wsgi:app" };

export const uwsgi: Reloader = {
  name: "uwsgi by its unit",
  parts: ["systemctl", "findmnt", "uwsgi"],
  activate: { service },
  untested: { service: { ...service, test: false } },
  ...{ systemd: true, gentle: true },
  ...{ app: wsgi, broken: brokenWsgi },
  port: 8080,
  start: (host, folder) => startUnit(host, unit(folder)),
};
