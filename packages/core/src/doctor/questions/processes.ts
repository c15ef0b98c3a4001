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
    about: "bans",
    level: "warn",
    run: [
      `cat /proc/[0-9]*/comm 2>/dev/null | grep -qx fail2ban-server || { echo "deploy: nothing bans who logs in often" >&2; exit 0; }`,
      `most=$(cat /etc/fail2ban/jail.conf /etc/fail2ban/jail.d/*.conf /etc/fail2ban/jail.local /etc/fail2ban/jail.d/*.local 2>/dev/null | sed -n 's/^maxretry *= *\\([0-9]\\{1,6\\}\\).*/\\1/p' | tail -n 1)`,
      `[ -n "$most" ] || ${unsure("fail2ban is at work, and its settings cannot be read")}`,
      `[ "$most" -ge 3 ] || ${not(
        "fail2ban bans an address after $most refused logins: one wrong key, tried again, keeps all runners of that address out",
        "maxretry = 5 below [sshd] in /etc/fail2ban/jail.local",
      )}`,
      'echo "deploy: fail2ban bans an address after $most refused logins" >&2',
    ].join("\n"),
    good: "nobody is banned for deploying",
  },
  {
    about: "account",
    level: "warn",
    run: [
      `said=$(LC_ALL=C chage -l "$(id -un)" 2>/dev/null) || ${unsure("chage does not say when the login ends")}`,
      "ends=$(printf '%s\\n' \"$said\" | sed -n 's/^\\(Password\\|Account\\) expires[^:]*: *//p' | grep -vx never | head -n 1)",
      '[ -n "$ends" ] || exit 0',
      `day=$(echo "$ends" | awk '{ printf "%04d-%02d-%02d 00:00:00", $3, (index("JanFebMarAprMayJunJulAugSepOctNovDec", $1) + 2) / 3, $2 }')`,
      `at=$(date -d "$day" +%s 2>/dev/null) || ${unsure("the login ends on $ends")}`,
      `[ $((at - $(date +%s))) -gt 1209600 ] || ${not(
        "the login or its password ends on $ends: sshd refuses it then, whatever its key",
        "sudo chage -E -1 -M -1 $(id -un)",
      )}`,
      'echo "deploy: the login ends on $ends" >&2',
    ].join("\n"),
    good: "the login does not expire",
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
