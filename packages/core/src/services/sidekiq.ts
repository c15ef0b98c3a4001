import { service } from "./service.ts";
import { allowed, restarted, show, unitKeys } from "./unit.ts";
import { busyKey, whenIdle } from "./worker.ts";

/** What Sidekiq calls its process, anew every 5 s or so: `sidekiq 6.4.1 shop [0 of 5 busy] stopping`. */
const idle = (unit: string) =>
  `(title=$(tr '\\0' ' ' <"/proc/$(${show(unit, "MainPID")})/cmdline"); case $title in ""|*" [0 of "*" busy] stopping"*) ;; *) exit 1;; esac) 2>/dev/null`;

/** TSTP: it takes no new jobs, for ever, until it is started again. Measured with Sidekiq 6.4. */
export const sidekiq = service({
  words: "Sidekiq, quiet before the switch (TSTP), started again last",
  keys: { ...unitKeys, ...busyKey },
  commands({ unit, sudo, busy }) {
    const kill = `systemctl kill --signal=TSTP ${unit}`;
    const { check, run, ...rest } = restarted({ unit, sudo, verb: "restart" });
    return {
      name: `sidekiq ${unit}`,
      ...rest,
      check: [check, ...(sudo ? [allowed(`/usr/bin/${kill}`)] : [])].join("\n"),
      quiet: `${sudo ? "sudo -n " : ""}${kill}`,
      run: whenIdle(idle(unit), busy, run),
    };
  },
});
