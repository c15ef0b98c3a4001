import type { Reloader } from "@deploy/testkit";
import { brokenPhp, php } from "./php.ts";
import { asRoot, writeFiles } from "./unit.ts";

const site = (folder: string, script: string) => `server {
  listen 127.0.0.1:8080;
  root ${folder}/public;
  location / {
    include fastcgi.conf;
    fastcgi_param SCRIPT_FILENAME ${script}/index.php;
    fastcgi_buffering off;
    fastcgi_pass unix:/run/php/php8.2-fpm.sock;
  }
}
`;

const pool = `[www]
user = www-data
group = www-data
listen = /run/php/php8.2-fpm.sock
listen.owner = www-data
pm = static
pm.max_children = 3
`;

const row = (name: string, script: string, keys: object): Reloader => {
  const service = { kind: "php-fpm", sudo: false, test: "php -l public/index.php", ...keys };
  return {
    name,
    parts: ["systemctl", "findmnt", "nginx", "php-fpm8.2", "php"],
    activate: { service },
    untested: { service: { ...service, test: false } },
    ...{ systemd: true, gentle: true },
    ...{ app: php, broken: brokenPhp },
    port: 8080,
    async start(host, folder) {
      await writeFiles(host, {
        "/etc/nginx/sites-enabled/default": site(folder, script),
        "/etc/php/8.2/fpm/pool.d/www.conf": pool,
      });
      await asRoot(
        host,
        "sed -i 's/^;process_control_timeout.*/process_control_timeout = 20/' /etc/php/8.2/fpm/php-fpm.conf && systemctl restart php8.2-fpm nginx",
      );
    },
  };
};

export const phpFpm = row("php-fpm, told", "$document_root", {});
export const phpFpmUntold = row("php-fpm that nobody tells", "$realpath_root", { told: false });
