import { choice } from "../config/values/leaves.ts";
import { programName, service } from "./service.ts";

/** A program of supervisord's, whose socket the login may write to (`chown=root:deploy`, `chmod=0770`). */
export const supervisor = service({
  words: "a program of supervisord's, signalled or started again",
  keys: {
    program: programName().describe("Its name in supervisord's configuration: `web`."),
    signal: choice(["HUP", "USR1", "USR2"])
      .optional()
      .describe("What makes it load new code. Without: it is started again, and refuses meanwhile."),
  },
  commands({ program, signal }) {
    const restart = `supervisorctl restart ${program}`;
    const status = `supervisorctl status ${program}`;
    return {
      name: `${program} of supervisor`,
      check: `${status} >/dev/null 2>&1 || { echo "deploy: supervisor does not run ${program}, or its socket is not for $(id -un)" >&2; exit 1; }`,
      run: signal === undefined ? restart : `supervisorctl signal ${signal} ${program}`,
      back: `if ${status} >/dev/null; then ${signal === undefined ? restart : `supervisorctl signal ${signal} ${program}`}; else supervisorctl start ${program}; fi`,
      settled: `${status} >/dev/null`,
    };
  },
});
