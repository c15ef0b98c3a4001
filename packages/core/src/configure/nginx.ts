import type { ConfigureKind } from "./kind.ts";

/**
 * A user's nginx cannot read the keys of certificates, so a pair of ours stands in for them. Includes that are not absolute are
 * relative to the folder of the `-c` file (measured with nginx 1.22).
 */
const test = [
  'for path in /etc/nginx/*; do ln -s "$path" "$work/" 2>/dev/null; done',
  "conf=$work/deploy-test.conf",
  'if grep -q "^[[:space:]]*ssl_certificate_key[[:space:]]" "$file"; then',
  '  openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=deploy -keyout "$work/.key" -out "$work/.crt" >/dev/null 2>&1 || { echo "openssl is not here, to stand in for the keys of certificates"; exit 78; }',
  '  sed "s#^\\([[:space:]]*ssl_certificate_key[[:space:]]\\).*#\\1$work/.key;#; s#^\\([[:space:]]*ssl_certificate[[:space:]]\\).*#\\1$work/.crt;#" "$file" >"$work/.site" && cat "$work/.site" >"$file"',
  "fi",
  'printf "pid %s/.pid; error_log stderr; events {} http { access_log off; %s include %s; }\\n" "$work" "$(for part in client_body proxy fastcgi uwsgi scgi; do printf "%s_temp_path %s/.temp; " "$part" "$work"; done)" "$file" >"$conf"',
  'nginx -t -q -e stderr -c "$conf"',
].join("\n");

export const nginx: ConfigureKind = {
  words: "a site of nginx",
  tool: "nginx -t",
  test,
  to: (app) => `/etc/nginx/conf.d/${app}.conf`,
  levels: ["check", "user", "apply"],
};
