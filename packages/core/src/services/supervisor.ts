import { choice } from "../config/values/leaves.ts";
import { programName, service } from "./service.ts";

/**
 * A program of supervisord's, whose socket the login may write to (`chown=root:deploy`, `chmod=0770`). Its `status` exits with 0
 * also for one that is started again and again (BACKOFF): only the word RUNNING counts. Measured with supervisor 4.2.
 */
export const supervisor = service({
  words: "a program of supervisord's, signalled or started again",
  keys: {
    program: programName().describe("Its name in supervisord's configuration: `web`."),
    signal: choice(["HUP", "USR1", "USR2"])
      .optional()
      .describe("What makes it load new code. Without: it is started again, and refuses meanwhile."),
  },
  commands({ program, signal }) {
    const ctl = "supervisorctl";
    const state = `$(${ctl} status ${program} 2>&1)`;
    const restart = `${ctl} stop ${program} >/dev/null 2>&1; ${ctl} start ${program}`;
    const run = signal === undefined ? restart : `${ctl} signal ${signal} ${program}`;
    const pid = `$(${ctl} pid ${program})`;
    // What it was before: the process itself, or, where that is signalled, its workers.
    const before =
      signal === undefined ? `echo "${pid}"` : `cat "/proc/${pid}/task/${pid}/children" 2>/dev/null`;
    return {
      name: `${program} of supervisor`,
      check: `case "${state}" in *RUNNING*) ;; *) echo "deploy: supervisor does not run ${program}, or its socket is not for $(id -un)" >&2; exit 1;; esac`,
      run,
      back: `case "${state}" in *RUNNING*) ${run};; *) ${restart};; esac`,
      before,
      settled: `(case "${state}" in *RUNNING*) ;; *FATAL*|*EXITED*) echo "deploy: ${program} died: supervisorctl tail ${program} stderr" >&2; exit 69;; *) exit 1;; esac
now=" $(${before}) "; for pid in $before; do case $now in *" $pid "*) exit 1;; esac; done)`,
    };
  },
});
