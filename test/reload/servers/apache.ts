import type { Reloader } from "@deploy/testkit";
import { brokenPhp, php } from "./php.ts";
import { asRoot, writeFiles } from "./unit.ts";

const site = (folder: string) => `<VirtualHost 127.0.0.1:8080>
  DocumentRoot ${folder}/public
  FallbackResource /index.php
  <Directory /srv>
    Require all granted
  </Directory>
</VirtualHost>
`;

const service = { kind: "apache", sudo: false, test: "php -l public/index.php" };

/** PHP in Apache, which is not to look whether a file changed: old code is served until Apache is told. */
export const apache: Reloader = {
  name: "apache with PHP in it",
  parts: ["systemctl", "findmnt", "apache2", "php"],
  activate: { service },
  untested: { service: { ...service, test: false } },
  ...{ systemd: true, gentle: true },
  ...{ app: php, broken: brokenPhp },
  port: 8080,
  async start(host, folder) {
    await writeFiles(host, {
      "/etc/apache2/ports.conf": "Listen 127.0.0.1:8080\n",
      "/etc/apache2/sites-enabled/000-default.conf": site(folder),
      "/etc/php/8.2/apache2/conf.d/99.ini": "opcache.validate_timestamps=0\n",
    });
    await asRoot(host, "systemctl restart apache2.service");
  },
};
