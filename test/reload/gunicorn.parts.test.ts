import { reloaderContract } from "@deploy/testkit";
import { startUnit } from "./unit.ts";

/** The id is read when the code is loaded, not per request: a worker of before keeps its own. */
const wsgi = `import os
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "RELEASE")) as file:
    release = file.read().strip()

def app(environ, start_response):
    start_response("200 OK", [("X-Release", release)])
    return [(release + "\\n").encode()]
`;

const unit = (folder: string) => `[Service]
WorkingDirectory=/srv
ExecStart=/usr/bin/gunicorn --chdir ${folder} --workers 2 --bind 127.0.0.1:8080 wsgi:app
ExecReload=/bin/kill -HUP $MAINPID
`;

const service = { kind: "gunicorn", unit: "shop.service", sudo: false, app: "wsgi:app" };

reloaderContract("gunicorn by its unit", ["systemctl", "findmnt", "gunicorn"], {
  activate: { service },
  untested: { service: { ...service, test: false } },
  ...{ systemd: true, gentle: true },
  app: { "wsgi.py": wsgi },
  broken: { "wsgi.py": 'raise RuntimeError("broken")\n' },
  port: 8080,
  start: (host, folder) => startUnit(host, unit(folder)),
});
