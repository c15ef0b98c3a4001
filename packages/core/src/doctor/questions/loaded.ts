import { hostsWith } from "../../plan/fleet.ts";
import { healthPort } from "../port.ts";
import { type Asked, not, type Question, unsure } from "./question.ts";

/** Seconds by which proc(5)'s `btime` and a link's time may be apart. */
const blur = 2;

/**
 * Whether what answers at the app's port has loaded the live release: an app that names what it reads when it is asked proves
 * nothing. A process (or a worker of it) that is younger than `current` loaded that release; where all are older, none did.
 */
export function loaded({ config, host }: Asked): readonly Question[] {
  const port = healthPort(config);
  const { activate } = config;
  const told = [...activate.reload, ...(activate.service ?? [])].some(({ roles }) =>
    hostsWith(config, roles).includes(host),
  );
  if (port === undefined || !told) return [];
  return [
    { about: "proof", level: "warn", run: check(port), good: "what answers started with the live release" },
  ];
}

const check = (port: number): string =>
  [
    '[ -L "$DEPLOY_CURRENT_PATH" ] || { echo "deploy: nothing is live yet that could be older" >&2; exit 0; }',
    `since=$(stat -c %Y "$DEPLOY_CURRENT_PATH" 2>/dev/null) && [ -r /proc/net/tcp ] || ${unsure("there is no /proc, or no stat, to look with")}`,
    // proc_pid_net(5): the tenth field is the socket's inode; 0A is LISTEN.
    `sockets=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port="$(printf %04X ${port})" '$4 == "0A" { n = split($2, at, ":"); if (at[n] == port) print "socket:[" $10 "]" }' | tr '\\n' ' ')`,
    `[ -n "$sockets" ] || ${unsure(`nobody listens on ${port}`)}`,
    `held=$(ls -l /proc/[0-9]*/fd 2>/dev/null | awk -v sockets="$sockets" 'BEGIN { split(sockets, all, " "); for (i in all) is[all[i]] } /^\\/proc\\// { split($0, part, "/") } $NF in is { print part[3] }' | tr '\\n' ' ')`,
    `[ -n "$held" ] || ${unsure(`who listens on ${port} is another user's: nobody here can tell when it started`)}`,
    // proc_pid_stat(5): the parent is field 4, the start field 22, in ticks after the machine's.
    `ticks=$(cat /proc/[0-9]*/stat 2>/dev/null | sed 's/^\\([0-9]*\\) (.*) /\\1 /' | awk -v held=" $held" 'index(held, " " $1 " ") || index(held, " " $3 " ") { if ($21 > last) last = $21 } END { printf "%.0f", last }')`,
    "started=$(($(sed -n 's/^btime //p' /proc/stat) + ticks / $(getconf CLK_TCK 2>/dev/null || echo 100)))",
    `[ $((started + ${blur})) -ge "$since" ] || ${not(
      `process \${held%% *} on ${port} was there before the live release: it serves an older one, or names what it reads when it is asked`,
      "read RELEASE once, at start, and let activate.reload or activate.service start it anew",
    )}`,
  ].join("\n");
