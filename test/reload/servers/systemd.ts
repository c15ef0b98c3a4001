import type { FleetHost, Reloader } from "@deploy/testkit";
import { asRoot, writeFiles } from "./unit.ts";
import { brokenWsgi, wsgi } from "./wsgi.ts";

const socket = `[Socket]
ListenStream=127.0.0.1:8080
`;

/** Who waits behind the socket while it is started again is not refused. */
const unit = (folder: string) => `[Unit]
Requires=shop.socket
[Service]
WorkingDirectory=${folder}
ExecStart=/usr/bin/gunicorn --workers 2 wsgi:app
`;

const row = (
  service: object,
  start: (host: FleetHost, folder: string) => Promise<void>,
): Omit<Reloader, "name"> => ({
  parts: ["systemctl", "findmnt", "gunicorn", "dbus-daemon"],
  activate: { service },
  untested: { service: { ...service, test: false } },
  ...{ systemd: true, gentle: true },
  ...{ app: wsgi, broken: brokenWsgi },
  port: 8080,
  start,
});

const test = "gunicorn --check-config wsgi:app";

export const systemd: Reloader = {
  name: "a unit behind its socket",
  ...row({ kind: "systemd", unit: "shop.service", sudo: false, test }, async (host, folder) => {
    await writeFiles(host, {
      "/etc/systemd/system/shop.socket": socket,
      "/etc/systemd/system/shop.service": unit(folder),
    });
    await asRoot(host, "systemctl daemon-reload && systemctl restart shop.socket shop.service");
  }),
};

export const systemdUser: Reloader = {
  name: "a unit of the login's own, behind its socket",
  ...row({ kind: "systemd-user", unit: "shop.service", test }, async (host, folder) => {
    // Of root systemd knows the home without asking anybody.
    const units = "/root/.config/systemd/user";
    await writeFiles(host, { [`${units}/shop.socket`]: socket, [`${units}/shop.service`]: unit(folder) });
    await asRoot(
      host,
      `systemctl start dbus systemd-logind && loginctl enable-linger root
until [ -S /run/user/0/systemd/private ]; do sleep 0.1; done
export XDG_RUNTIME_DIR=/run/user/0
systemctl --user daemon-reload && systemctl --user restart shop.socket shop.service`,
    );
  }),
};
