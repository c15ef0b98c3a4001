import { line } from "../config/values/leaves.ts";
import { quote } from "../plan/words.ts";
import { service } from "./service.ts";
import { namesCurrent, renewed, show, unitKeys } from "./unit.ts";

/**
 * HUP: the master starts workers anew in the folder that `--chdir` names. One that is broken kills it (status 3), so that the way
 * back starts it; with `--preload` it serves old code from new workers. Measured with Gunicorn 20.1.
 */
export const gunicorn = service({
  words: "Gunicorn, workers renewed by HUP",
  keys: {
    ...unitKeys,
    app: line("the application as Gunicorn is given it, such as shop.wsgi:application")
      .optional()
      .describe("What Gunicorn is given, `shop.wsgi`: loaded in the new release before anybody switches."),
    program: line("a program, such as .venv/bin/gunicorn")
      .prefault("gunicorn")
      .describe("Gunicorn itself, from the release's folder: `.venv/bin/gunicorn`."),
  },
  commands({ unit, sudo, app, program }) {
    const preload =
      `case "$(${show(unit, "ExecStart")})" in *--preload*) ` +
      `echo "deploy: ${unit} has --preload: its new workers would serve old code" >&2; exit 1;; esac`;
    return {
      name: `gunicorn ${unit}`,
      ...(app === undefined ? {} : { test: `${quote(program)} --check-config ${quote(app)}` }),
      ...renewed({ unit, sudo }, [namesCurrent(unit, "--chdir"), preload]),
    };
  },
});
