import { reloaderContract } from "@deploy/testkit";
import { startUnit } from "./unit.ts";

const rack = `release = File.read(File.join(__dir__, "RELEASE")).strip
run ->(env) { [200, { "X-Release" => release }, [release + "\\n"]] }
`;

/** `directory` and the config lie outside of the releases: the master never leaves the folder that it was started in. */
const unit = (folder: string) => `[Service]
WorkingDirectory=/srv
ExecStartPre=/bin/sh -c 'printf "directory \\"${folder}\\"\\nworkers 2\\nthreads 1, 2\\nbind \\"tcp://127.0.0.1:8080\\"\\nprune_bundler\\n" >/srv/puma.rb'
ExecStart=/usr/bin/puma -C /srv/puma.rb
ExecReload=/bin/kill -USR1 $MAINPID
`;

const service = { kind: "puma", unit: "shop.service", sudo: false, within: "5s" };

reloaderContract("puma by its unit", ["systemctl", "findmnt", "puma"], {
  activate: { service },
  untested: { service: { ...service, test: false } },
  ...{ systemd: true, gentle: true },
  app: { "config.ru": rack },
  broken: { "config.ru": 'raise "broken"\n' },
  port: 8080,
  start: (host, folder) => startUnit(host, unit(folder)),
});
