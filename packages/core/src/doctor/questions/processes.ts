import { not, type Question, unsure } from "./question.ts";

/** What runs: left over from releases that are gone, at work on the system, or bound to end with our connection. */
export const processes: readonly Question[] = [
  {
    about: "processes",
    level: "warn",
    run: [
      'base=$(cd -P -- "$DEPLOY_TO" 2>/dev/null && pwd -P) || exit 0',
      'live=$(cd -P -- "$DEPLOY_CURRENT_PATH" 2>/dev/null && pwd -P) || exit 0',
      `[ -e /proc/self/cwd ] || ${unsure("there is no /proc to look in")}`,
      `old=$(ls -ld /proc/[0-9]*/cwd 2>/dev/null | grep -F " -> $base/releases/" | grep -vF -e " -> $live/" | grep -v " -> $live\\$" | sed -n 's|^.* /proc/\\([0-9]*\\)/cwd -> .*/releases/\\([^/ ]*\\).*$|\\1 \\2|p' | head -n 1)`,
      "set -- $old",
      `[ "$#" = 0 ] || ${not("process $1 still runs in $2: no deploy will reach it", "kill $1")}`,
    ].join("\n"),
    good: "none of the login's runs in an older release",
  },
  {
    about: "upgrades",
    level: "warn",
    run: [
      `busy=$(cat /proc/[0-9]*/comm 2>/dev/null | grep -x -e 'unattended-upgr.*' -e apt-get -e dpkg -e dnf -e yum -e zypper | head -n 1)`,
      `[ -z "$busy" ] || ${not("$busy is at work: it may start services again in the middle of a deploy", "wait for it: ps -C $busy")}`,
    ].join("\n"),
    good: "nothing installs packages just now",
  },
  {
    about: "logout",
    level: "warn",
    run: [
      '[ ! -e "/var/lib/systemd/linger/$(id -un)" ] || exit 0',
      `cat /etc/systemd/logind.conf /etc/systemd/logind.conf.d/*.conf 2>/dev/null | sed -n 's/^KillUserProcesses *= *//p' | tail -n 1 | grep -qx -e yes -e true -e 1 || exit 0`,
      not(
        "systemd ends what a login started when it leaves (KillUserProcesses): migrations that outlive a connection, too",
        "sudo loginctl enable-linger $(id -un)",
      ),
    ].join("\n"),
    good: "what outlives a connection is left alone",
  },
  {
    about: "time",
    level: "warn",
    run: [
      'if systemd-detect-virt -c -q 2>/dev/null; then echo "deploy: it is the clock of the machine below this container" >&2; exit 0; fi',
      `said=$(timedatectl show -p NTPSynchronized --value 2>/dev/null) || ${unsure("timedatectl does not say whether the clock is kept right")}`,
      `[ "$said" != no ] || ${not("nothing keeps the clock right", "sudo timedatectl set-ntp true")}`,
    ].join("\n"),
    good: "the clock is kept right",
  },
];
