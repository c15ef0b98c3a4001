import { service } from "./service.ts";
import { renewed, unitKeys, unitName } from "./unit.ts";

const keysOf = (unit: string) => ({
  ...unitKeys,
  unit: unitName().prefault(unit).describe(`Its unit; \`${unit}\` unless told.`),
});

/** A web server whose workers are renewed: nothing of a release is loaded by it, its own configuration is. */
function reloaded(unit: string, words: string) {
  return service({
    words,
    keys: keysOf(unit),
    commands: (given) => ({ name: given.unit, ...renewed(given) }),
  });
}

export const nginx = reloaded("nginx.service", "nginx, workers renewed: for its own configuration");
export const apache = reloaded("apache2.service", "Apache, workers renewed (graceful)");

/**
 * With `$realpath_root` in nginx PHP needs no reload at all. Where there must be one, `process_control_timeout` of at least
 * the longest request saves what is in flight. Measured with PHP-FPM 8.2.
 */
export const phpFpm = reloaded("php8.2-fpm.service", "PHP-FPM, workers renewed (USR2)");
