import type { Codes } from "./codes.ts";

export const configCodes = {
  "config-conflict": {
    cause: "Two values of the config contradict each other.",
    fix: "Change one of the two that the message names.",
  },
  "config-drift": {
    cause:
      "A server's file that deploy writes was changed by hand since the last deploy, or stood there before the first.",
    fix: "Bring the change into the repository, or replace it: `--drift overwrite`, or `configure.drift` in the config.",
    inAction: "Bring the change into the repository, or replace it: `drift: overwrite`.",
  },
  "config-environment": {
    cause: "The environment is not in the config, or the config has several and none was named.",
    fix: "Name one of those listed with `--environment`.",
    inAction: "Name one of those listed as `environment`.",
  },
  "config-helper": {
    cause:
      "What writes servers' files as root is not on the host, or sudo does not let the deploy user run it.",
    fix: "Let `deploy configure-helper` print it with its line of sudoers, read it, and install it there as root.",
  },
  "config-host-twice": {
    cause: "The same host is listed twice.",
    fix: "Remove one of the two lines.",
  },
  "config-invalid": {
    cause: "A value of the config is not of the form expected.",
    fix: "Change it as the message says; docs/reference/config.md lists every key.",
  },
  "config-leader": {
    cause: "The leader is not one of the hosts.",
    fix: "Name one of the hosts listed.",
  },
  "config-missing": {
    cause: "A value that is needed is not in the config, or the file is not there.",
    fix: "Add it (`deploy init` writes a whole file); docs/reference/config.md lists every key.",
    inAction: "Add it; docs/reference/config.md lists every key.",
  },
  "config-placeholder": {
    cause: "A file of `configure` has a placeholder that means nothing.",
    fix: "Write one of those that docs/guides/configure.md lists.",
  },
  "config-refused": {
    cause:
      "A server's own program, or root's helper, does not take a file of `configure`; nothing was changed.",
    fix: "Mend the line that it names, and deploy again.",
  },
  "config-role": {
    cause: "A role is used that no host has.",
    fix: "Correct the role, or give it to a host.",
  },
  "config-syntax": {
    cause: "The file is not valid YAML.",
    fix: "Mend the line that the message names.",
  },
  "config-unavailable": {
    cause: "The value is planned but not built yet.",
    fix: "Use one of the values listed.",
  },
  "config-unknown-key": {
    cause: "The config has a key that means nothing here.",
    fix: "Correct its spelling or remove it.",
  },
} as const satisfies Codes;
