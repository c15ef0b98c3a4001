import { maintenanceSite } from "./maintenance.ts";
import { type Answers, current, port, type Recipe, type Unit } from "./stack.ts";

/**
 * What an administrator reads and runs once as root on each server: user, folders, unit, site. Run again, it changes
 * what differs and nothing else. `key` is the public half of the key that deploys. Pure.
 */
export function serverScript(answers: Answers, recipe: Recipe, key: string): string {
  const { user, deployTo, app } = answers;
  return `#!/bin/sh
# Prepares a server (Debian or Ubuntu) for ${app}. Read it, then run it there as root: sh prepare-server.sh
# It may be run again: what is there stays, files of its own are written anew.
set -eu
[ "$(id -u)" = 0 ] || { echo "run it as root" >&2; exit 1; }

missing=''
for wanted in ${["rsync", "zstd", ...recipe.packages].join(" ")}; do
  command -v "\${wanted%%:*}" >/dev/null || dpkg -s "\${wanted#*:}" >/dev/null 2>&1 || missing="$missing \${wanted#*:}"
done
# shellcheck disable=SC2086 # a list of words
[ -z "$missing" ] || { apt-get update -q; DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends $missing; }

# Who deploys: by key alone. A password of * is none, and no locked account, which an sshd without PAM refuses.
id ${user} >/dev/null 2>&1 || useradd --create-home --shell /bin/sh --password '*' ${user}
home=$(getent passwd ${user} | cut -d: -f6)
install -d -m 700 -o ${user} -g ${user} "$home/.ssh"
touch "$home/.ssh/authorized_keys"
grep -qxF '${key}' "$home/.ssh/authorized_keys" || echo '${key}' >>"$home/.ssh/authorized_keys"
chown ${user}: "$home/.ssh/authorized_keys"
chmod 600 "$home/.ssh/authorized_keys"

install -d -m 755 -o ${user} -g ${user} ${deployTo} ${deployTo}/shared
${recipe.shared.files.map((file) => sharedFile(answers, file)).join("")}${recipe.unit === undefined ? "" : unitOf(answers, recipe.unit)}${recipe.behind === "php" ? poolOf(answers) : ""}${siteOf(answers, recipe)}echo "ready: ${deployTo} on $(hostname)"
`;
}

/** Empty, and readable by nobody else: what is in it is the administrator's. */
function sharedFile({ deployTo, user }: Answers, file: string): string {
  const path = `${deployTo}/shared/${file}`;
  const folder = path.slice(0, path.lastIndexOf("/"));
  return `[ -e ${path} ] || { install -d -o ${user} -g ${user} ${folder}; install -m 600 -o ${user} -g ${user} /dev/null ${path}; }
`;
}

/** The file of systemd. */
export function unitText(answers: Answers, unit: Unit): string {
  const { app, user, deployTo } = answers;
  return `[Unit]
Description=${app}
After=network.target
ConditionPathExists=${current(answers)}
# A release that fails at its start must not keep the next one from starting.
StartLimitIntervalSec=0

[Service]
WorkingDirectory=${unit.folder}
Environment=PORT=${port} NODE_ENV=production
EnvironmentFile=-${deployTo}/shared/.env
ExecStart=${unit.start}
${unit.execReload === undefined ? "" : `ExecReload=${unit.execReload}\n`}Restart=on-failure
RestartSec=1
${unit.of === "system" ? `User=${user}\n` : ""}
[Install]
WantedBy=${unit.of === "system" ? "multi-user" : "default"}.target`;
}

/** The one thing that the user may do as root, letter by letter. */
export const sudoersLine = ({ app, user }: Answers): string =>
  `${user} ALL=(root) NOPASSWD: /usr/bin/systemctl reload-or-restart ${app}.service`;

/** It is started by the first deploy: there is nothing to start before. `$home` is the user's. */
export function unitOf(answers: Answers, unit: Unit): string {
  const { app, user } = answers;
  const text = unitText(answers, unit);
  if (unit.of === "system")
    return `
cat >/etc/systemd/system/${app}.service <<'UNIT'
${text}
UNIT
systemctl daemon-reload
systemctl enable ${app}.service

# The one thing that ${user} may do as root, letter by letter.
echo '${sudoersLine(answers)}' >/etc/sudoers.d/deploy-${app}.new
visudo -cqf /etc/sudoers.d/deploy-${app}.new
chmod 440 /etc/sudoers.d/deploy-${app}.new
mv /etc/sudoers.d/deploy-${app}.new /etc/sudoers.d/deploy-${app}
`;
  return `
# A unit of ${user}'s own: it starts with the machine (linger), and ${user} may start it anew without root.
loginctl enable-linger ${user}
units="$home/.config/systemd/user"
for folder in "$home/.config" "$home/.config/systemd" "$units" "$units/default.target.wants"; do
  install -d -o ${user} -g ${user} "$folder"
done
cat >"$units/${app}.service" <<'UNIT'
${text}
UNIT
ln -sfn ../${app}.service "$units/default.target.wants/${app}.service"
chown -h ${user}: "$units/${app}.service" "$units/default.target.wants/${app}.service"
systemctl start "user@$(id -u ${user}).service"
runuser -u ${user} -- env "XDG_RUNTIME_DIR=/run/user/$(id -u ${user})" systemctl --user daemon-reload
`;
}

/** Workers of PHP as the user who deploys: as www-data they could not write into the folders that this user makes. */
function poolOf(answers: Answers): string {
  const { app, user } = answers;
  return `
# The newest PHP that is here, with workers of ${user}'s for this app alone.
fpm=$(ls -d /etc/php/*/fpm | sort -V | tail -n 1)
version=$(basename "$(dirname "$fpm")")
cat >"$fpm/pool.d/${app}.conf" <<'POOL'
${poolText(answers)}
POOL
"php-fpm$version" -t
systemctl reload-or-restart "php$version-fpm"
`;
}

/** The file of PHP-FPM. */
export function poolText({ app, user }: Answers): string {
  return `[${app}]
user = ${user}
group = ${user}
listen = ${socketOf(app)}
listen.owner = www-data
listen.group = www-data
pm = dynamic
pm.max_children = 10
pm.start_servers = 2
pm.min_spare_servers = 1
pm.max_spare_servers = 3`;
}

const socketOf = (app: string): string => `/run/php/${app}.sock`;

/** The file of nginx. */
export function siteText(answers: Answers, recipe: Recipe): string {
  const { domain } = answers;
  const anyName = domain === "_" ? " default_server" : "";
  return `server {
  listen 80${anyName};
  listen [::]:80${anyName};
  server_name ${domain};
${maintenanceSite(answers.deployTo)}
${locations(answers, recipe)}
}`;
}

/** A site that was given TLS since (by certbot, which writes into it) is somebody's: it stays. */
export function siteOf(answers: Answers, recipe: Recipe): string {
  const { app, domain } = answers;
  const site = `/etc/nginx/sites-available/${app}`;
  return `
grep -qs ssl_certificate ${site} || cat >${site} <<'SITE'
${siteText(answers, recipe)}
SITE
ln -sfn ../sites-available/${app} /etc/nginx/sites-enabled/${app}
${domain !== "_" ? "" : "rm -f /etc/nginx/sites-enabled/default\n"}nginx -t -q
systemctl reload-or-restart nginx
`;
}

function locations(answers: Answers, { behind, root = "." }: Recipe): string {
  const folder = root === "." ? current(answers) : `${current(answers)}/${root}`;
  const passed = `proxy_pass http://127.0.0.1:${port};
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;`;
  if (behind === "files")
    return `  root ${folder};
  location = /up { alias ${current(answers)}/RELEASE; default_type text/plain; add_header Cache-Control no-store; }
  location = /REVISION { return 404; }
  location / { try_files $uri $uri/ /index.html; }`;
  if (behind === "php")
    return `  root ${folder};
  index index.php;
  location / { try_files $uri $uri/ /index.php?$query_string; }
  # The path behind the link: PHP serves the new release with its next request.
  location ~ \\.php$ {
    include fastcgi_params;
    fastcgi_param SCRIPT_FILENAME $realpath_root$fastcgi_script_name;
    fastcgi_param DOCUMENT_ROOT $realpath_root;
    fastcgi_pass unix:${socketOf(answers.app)};
  }`;
  return root === "."
    ? `  location / {
    ${passed}
  }`
    : `  root ${folder};
  location / { try_files $uri @app; }
  location @app {
    ${passed}
  }`;
}
