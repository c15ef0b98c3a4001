import { flag } from "../config/values/leaves.ts";
import { service } from "./service.ts";
import { isRunning, renewed, unitKeysOf } from "./unit.ts";

/**
 * Opcache knows a file by the path it was asked for: with `$document_root` that is the same one for every release, and the first is
 * served for ever, whatever `validate_timestamps` says. Sites that the login cannot read are not judged; the health check is.
 */
const passesRealPath = `for site in $(grep -lsF "$DEPLOY_TO/current" /etc/nginx/sites-enabled/* /etc/nginx/conf.d/*); do
  grep -q '^[^#]*fastcgi_pass' "$site" || continue
  grep '^[^#]*SCRIPT_FILENAME' "$site" | tail -n 1 | grep -qF '$realpath_root' || { echo "deploy: $site does not pass \\$realpath_root, and PHP that is not told would serve one release for ever: fastcgi_param SCRIPT_FILENAME \\$realpath_root\\$fastcgi_script_name" >&2; exit 1; }
done`;

/** Told, it ends what is in flight after this time, which is 0 by default. */
const waitsForRequests = (unit: string) => {
  const version = /^php([\d.]+)-fpm\.service$/.exec(unit)?.[1];
  const file = `/etc/php/${version}/fpm/php-fpm.conf`;
  return version === undefined
    ? []
    : [
        `[ ! -r ${file} ] || grep -q '^ *process_control_timeout *= *[1-9]' ${file} || { echo "deploy: telling ${unit} would cut the requests in flight: set process_control_timeout in ${file} to the longest request, or pass \\$realpath_root and say told: false" >&2; exit 1; }`,
      ];
};

/** Measured with PHP-FPM 8.2: where it is told, new requests wait until those in flight are over. */
export const phpFpm = service({
  words: "PHP-FPM, workers renewed (USR2), or not told at all",
  keys: {
    ...unitKeysOf("php8.2-fpm.service"),
    told: flag()
      .prefault(true)
      .describe(
        "`false`: nginx passes `$realpath_root`, so that PHP finds the new release by itself; nothing is run, and nothing needs root.",
      ),
  },
  commands({ unit, sudo, told }) {
    if (told) return { name: unit, ...renewed({ unit, sudo }, waitsForRequests(unit)) };
    return {
      name: unit,
      check: `${isRunning(unit)}\n${passesRealPath}`,
    };
  },
});
