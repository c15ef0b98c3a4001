import { line } from "../config/values/leaves.ts";
import { quote } from "../plan/words.ts";
import { programName, service } from "./service.ts";
import { restarted, unitKeys } from "./unit.ts";
import { busyKey, whenIdle } from "./worker.ts";

/** It is told over its broker, from the live folder; tasks that it has fetched before are still run. Measured with Celery 5.2. */
export const celery = service({
  words: "a Celery worker, quiet before the switch, started again last",
  keys: {
    ...unitKeys,
    ...busyKey,
    app: line("the application as Celery is given it, such as shop.celery").describe("What `--app` names."),
    queue: programName().prefault("celery").describe("What it consumes."),
    program: line("a program, such as .venv/bin/celery")
      .prefault("celery")
      .describe("Celery itself, from the release's folder: `.venv/bin/celery`."),
  },
  commands({ unit, sudo, busy, app, queue, program }) {
    const ask = `${quote(program)} --app ${quote(app)}`;
    const node = `--destination "celery@$(hostname)"`;
    const { run, ...rest } = restarted({ unit, sudo, verb: "restart" });
    return {
      name: `celery ${unit}`,
      ...rest,
      quiet: `${ask} control ${node} cancel_consumer ${queue}`,
      run: whenIdle(`${ask} inspect ${node} active 2>/dev/null | grep -q -- '- empty -'`, busy, run),
    };
  },
});
