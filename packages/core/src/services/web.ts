import { flag } from "../config/values/leaves.ts";
import { service } from "./service.ts";
import { isRunning, renewed, unitKeysOf } from "./unit.ts";

/** With it nginx serves for a while what the link led to before. Not judged where the login cannot read it. */
const keepsFilesOpen = `for file in $(grep -ls '^ *open_file_cache  *max' /etc/nginx/nginx.conf /etc/nginx/sites-enabled/* /etc/nginx/conf.d/*); do
  echo "deploy: nginx keeps files open (open_file_cache in $file) and would go on with those of the release before: leave it out, or say told: true" >&2; exit 1
done`;

/** It follows `current` for each request. Told, it closes connections that are kept while somebody may ask over them. Measured with nginx 1.22. */
export const nginx = service({
  words: "nginx, which finds the new content by itself",
  keys: {
    ...unitKeysOf("nginx.service"),
    told: flag().prefault(false).describe("`true`: its workers are renewed, for its own configuration."),
  },
  commands: ({ unit, sudo, told }) =>
    told
      ? { name: unit, ...renewed({ unit, sudo }) }
      : { name: unit, check: `${isRunning(unit)}\n${keepsFilesOpen}` },
});

/** With PHP in it that is not to look whether files changed, this is what makes it serve new code. Measured with Apache 2.4. */
export const apache = service({
  words: "Apache, workers renewed (graceful)",
  keys: unitKeysOf("apache2.service"),
  commands: (given) => ({ name: given.unit, ...renewed(given) }),
});
