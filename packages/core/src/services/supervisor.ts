import { choice, line } from "../config/values/leaves.ts";
import { quote } from "../plan/words.ts";
import { service } from "./service.ts";

/** A program of supervisord's, whose socket the login may write to (`chown=root:deploy`, `chmod=0770`). */
export const supervisor = service({
  words: "a program of supervisord's, signalled or started again",
  keys: {
    program: line("a program's name, such as web").describe(
      "Its name in supervisord's configuration: `web`.",
    ),
    signal: choice(["HUP", "USR1", "USR2"])
      .optional()
      .describe("What makes it load new code. Without: it is started again, and refuses meanwhile."),
  },
  commands({ program, signal }) {
    const name = quote(program);
    const restart = `supervisorctl restart ${name}`;
    const status = `supervisorctl status ${name}`;
    return {
      name: `${program} of supervisor`,
      check: `${status} >/dev/null 2>&1 || { echo "deploy: supervisor does not run ${program}, or its socket is not for $(id -un)" >&2; exit 1; }`,
      run: signal === undefined ? restart : `supervisorctl signal ${signal} ${name}`,
      back: `if ${status} >/dev/null; then ${signal === undefined ? restart : `supervisorctl signal ${signal} ${name}`}; else supervisorctl start ${name}; fi`,
      settled: `${status} >/dev/null`,
      sudo: [],
    };
  },
});
