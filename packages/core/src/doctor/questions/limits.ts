import type { Question } from "./question.ts";
import { not, unsure } from "./question.ts";

/** Bytes below which nobody starts anything, where nothing runs yet that could be measured. */
const least = 65_536;

/** While workers are renewed two generations stand side by side: what the login's own take now is needed once more. */
export const limits: readonly Question[] = [
  {
    about: "memory",
    level: "warn",
    run: [
      `free=$(sed -n 's/^MemAvailable: *\\([0-9]*\\) kB$/\\1/p' /proc/meminfo 2>/dev/null)`,
      `[ -n "$free" ] || ${unsure("the kernel does not say how much memory is free")}`,
      'base=$(cd -P -- "$DEPLOY_TO" 2>/dev/null && pwd -P) || base=/nowhere',
      `mine=$(ls -ld /proc/[0-9]*/cwd 2>/dev/null | grep -F " -> $base/" | sed -n 's|^.* /proc/\\([0-9]*\\)/cwd -> .*$|\\1|p')`,
      `used=$(for pid in $mine; do sed -n 's/^VmRSS: *\\([0-9]*\\) kB$/\\1/p' "/proc/$pid/status" 2>/dev/null; done | awk '{ all += $1 } END { print int(all) }')`,
      `[ "$free" -gt "$used" ] && [ "$free" -gt ${least} ] || ${not(
        "two generations at once need $((used / 1024)) MB more, and $((free / 1024)) MB are free",
        "fewer workers, more memory, or swap",
      )}`,
      'echo "deploy: $((free / 1024)) MB are free" >&2',
    ].join("\n"),
    good: "there is enough",
  },
  {
    about: "open files",
    level: "warn",
    run: [
      "most=$(ulimit -n 2>/dev/null) || exit 69",
      `[ "$most" = unlimited ] || [ "$most" -ge 1024 ] || ${not(
        "the login may have $most files open: package managers need more",
        "echo '$(id -un) soft nofile 4096' | sudo tee -a /etc/security/limits.d/deploy.conf",
      )}`,
    ].join("\n"),
    good: "the login may have enough",
  },
];
