import type { ConfigureKind } from "./kind.ts";

/** Supervisor has no test of its own: its own reader reads the file, and starts nothing. */
const test = [
  'printf "[supervisord]\\nlogfile=%s/log\\npidfile=%s/pid\\nchildlogdir=%s\\n[include]\\nfiles=%s\\n" "$work" "$work" "$work" "$file" >"$work/supervisord.conf"',
  'python3 -c "from supervisor.options import ServerOptions as S; import sys; S().realize([\\"-c\\", sys.argv[1]])" "$work/supervisord.conf"',
].join("\n");

export const supervisor: ConfigureKind = {
  words: "a program of supervisor's",
  tool: "supervisor's reader",
  test,
  to: (app) => `/etc/supervisor/conf.d/${app}.conf`,
  levels: ["check", "user"],
};
