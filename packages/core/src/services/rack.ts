import { service } from "./service.ts";
import { namesCurrent, unitCheck, unitKeys, unitVerb, workers, workersGone } from "./unit.ts";

/** Loads the application as a worker would, with its bundle where it has one, and serves nothing. */
const loads =
  '$([ -f Gemfile ] && echo bundle exec) ruby -e \'require "rack"; Rack::Builder.parse_file("config.ru")\'';

/**
 * Puma, workers renewed one by one (USR1). A broken release costs it one worker and a phase that never ends: `settled`
 * finds that. The folder is named in a config outside of the releases. Measured with Puma 5.6.
 */
export const puma = service({
  words: "Puma in cluster mode, workers renewed one by one (USR1)",
  keys: unitKeys,
  commands(given) {
    const asked = { ...given, verb: "reload-or-restart" } as const;
    const { unit } = given;
    return {
      name: `puma ${unit}`,
      check: `${unitCheck(asked)}\n${namesCurrent(unit, "-C ")}`,
      test: loads,
      ...unitVerb(asked),
      before: workers(unit),
      settled: workersGone(unit),
    };
  },
});

/** Unicorn without `preload_app`, workers renewed by HUP. Measured with Unicorn 6.0. */
export const unicorn = service({
  words: "Unicorn without `preload_app`, workers renewed by HUP",
  keys: unitKeys,
  commands(given) {
    const asked = { ...given, verb: "reload-or-restart" } as const;
    const { unit } = given;
    return {
      name: `unicorn ${unit}`,
      check: `${unitCheck(asked)}\n${namesCurrent(unit, "-c ")}`,
      test: loads,
      ...unitVerb(asked),
      before: workers(unit),
      settled: workersGone(unit),
    };
  },
});
