import { service } from "./service.ts";
import { namesCurrent, renewed, unitKeys } from "./unit.ts";

/** Loads the application as a worker would, with its bundle where it has one, and serves nothing. */
const test =
  '$([ -f Gemfile ] && echo bundle exec) ruby -e \'require "rack"; Rack::Builder.parse_file("config.ru")\'';

/** `option`: what names its config, outside of the releases, in which `current` is named. */
function rack(name: string, option: string, words: string) {
  return service({
    words,
    keys: unitKeys,
    commands: (given) => ({
      ...{ name: `${name} ${given.unit}`, test },
      ...renewed(given, [namesCurrent(given.unit, option)]),
    }),
  });
}

/** A broken release costs it one worker and a phase that never ends: `settled` finds that. Measured with Puma 5.6. */
export const puma = rack("puma", "-C ", "Puma in cluster mode, workers renewed one by one (USR1)");

export const unicorn = rack("unicorn", "-c ", "Unicorn without `preload_app`, workers renewed by HUP");
