import type { ConfigureKind } from "./kind.ts";

/** As a user its log must be a file it may write to (measured with PHP-FPM 8.2): with `/dev/stderr` it ends 78. */
const test = [
  'version=$(printf %s "$to" | sed -n "s#^/etc/php/\\([0-9.]*\\)/.*#\\1#p")',
  'php=$(command -v "php-fpm$version" || command -v php-fpm) || { echo "php-fpm$version is not here"; exit 78; }',
  'printf "[global]\\nerror_log = %s/log\\ninclude = %s\\n" "$work" "$file" >"$work/fpm.conf"',
  '"$php" -t -y "$work/fpm.conf" 2>&1',
].join("\n");

export const phpFpm: ConfigureKind = {
  words: "a pool of PHP-FPM",
  tool: "php-fpm -t",
  test,
  to: (app) => `/etc/php/8.2/fpm/pool.d/${app}.conf`,
  levels: ["check", "user", "apply"],
};
