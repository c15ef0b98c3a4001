import { line } from "../config/values/leaves.ts";
import { quote } from "../plan/words.ts";
import { service } from "./service.ts";
import { namesCurrent, renewed, unitKeys } from "./unit.ts";

/** Takes the application out of its module, as a worker does. uWSGI itself has no way to try: `--no-server` ends before it loads anything. */
const load =
  'import importlib, sys; sys.path.insert(0, "."); module, _, name = sys.argv[1].partition(":"); getattr(importlib.import_module(module), name or "application")';

/**
 * HUP: the master starts itself anew where it is and follows `--chdir` again. Nobody is refused, all wait until the longest request is
 * over. With `--need-app` a broken release ends it, so that the way back starts it. Measured with uWSGI 2.0.21.
 */
export const uwsgi = service({
  words: "uWSGI, started anew in place by HUP",
  keys: {
    ...unitKeys,
    app: line("the application as uWSGI is given it, such as shop.wsgi:application")
      .optional()
      .describe("What `--module` names, `shop.wsgi`: loaded in the new release before anybody switches."),
    python: line("a program, such as .venv/bin/python")
      .prefault("python3")
      .describe("What loads it, from the release's folder: `.venv/bin/python`."),
  },
  commands: ({ unit, sudo, app, python }) => ({
    name: `uwsgi ${unit}`,
    ...(app === undefined ? {} : { test: `${quote(python)} -c '${load}' ${quote(app)}` }),
    ...renewed({ unit, sudo }, [namesCurrent(unit, "--chdir")]),
  }),
});
