import { service } from "./service.ts";
import { namesCurrent, renewed, show, unitKeys } from "./unit.ts";

/** Loads the application as a worker would, with its bundle where it has one, and serves nothing. */
const test =
  '$([ -f Gemfile ] && echo bundle exec) ruby -e \'require "rack"; Rack::Builder.parse_file("config.ru")\'';

/** What its config must not say: workers that copy a loaded application serve old code for ever. Not judged where it cannot be read. */
const preloads = (unit: string, option: string, trap: string) =>
  `file=$(${show(unit, "ExecStart")} | sed -n 's/^.* ${option}\\([^ ;]*\\).*$/\\1/p')
if [ -r "$file" ] && grep -q '^ *${trap}' "$file"; then echo "deploy: $file preloads the application, and its new workers would serve old code: without preload_app" >&2; exit 1; fi`;

/** `option`: what names its config, outside of the releases, in which `current` is named. */
function rack(name: string, option: string, trap: string, words: string) {
  return service({
    words,
    keys: unitKeys,
    commands: (given) => ({
      ...{ name: `${name} ${given.unit}`, test },
      ...renewed(given, [namesCurrent(given.unit, option), preloads(given.unit, option, trap)]),
    }),
  });
}

/** A broken release costs it one worker and a phase that never ends: `settled` finds that. Measured with Puma 5.6. */
export const puma = rack(
  "puma",
  "-C ",
  "preload_app!",
  "Puma in cluster mode, workers renewed one by one (USR1)",
);

export const unicorn = rack(
  "unicorn",
  "-c ",
  "preload_app  *true",
  "Unicorn without `preload_app`, workers renewed by HUP",
);
