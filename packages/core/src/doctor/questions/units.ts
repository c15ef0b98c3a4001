import { hostsWith } from "../../plan/fleet.ts";
import type { Asked, Question } from "./question.ts";
import { not, unsure } from "./question.ts";

/** Whether systemd has read the unit as it stands, and whether the hosts have the same one. */
export function units({ config, host }: Asked): readonly Question[] {
  return (config.activate.service ?? [])
    .filter(({ roles }) => hostsWith(config, roles).includes(host))
    .flatMap(({ commands: { journal } }) => journal ?? [])
    .map(({ unit, user }) => {
      const manager = user ? "systemctl --user" : "systemctl";
      return {
        about: `unit ${unit}`,
        level: "warn",
        run: [
          `text=$(${manager} cat ${unit} 2>/dev/null) || ${unsure(`systemd does not show ${unit}`)}`,
          `echo "alike: $(printf '%s' "$text" | cksum)" >&2`,
          `[ "$(${manager} show ${unit} -p NeedDaemonReload --value)" != yes ] || ${not(
            `${unit} was changed, and systemd has not read it`,
            `${user ? "" : "sudo "}${manager} daemon-reload`,
          )}`,
        ].join("\n"),
        good: "systemd has it as it stands",
      };
    });
}
