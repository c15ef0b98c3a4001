import { flag, text } from "../config/values/leaves.ts";
import type { ServiceCommands } from "./service.ts";

const unitPhrase = "the name of a systemd unit, such as shop.service";

/** systemd.unit(5): these characters and no other; a template's instance has one `@`. */
export const unitName = () =>
  text(unitPhrase, (value) =>
    /^[A-Za-z0-9:_.\\-]{1,200}(@[A-Za-z0-9:_.\\-]{0,100})?\.(service|target)$/.test(value)
      ? value
      : undefined,
  );

export const unitKeys = {
  unit: unitName().describe("Its unit, with the ending: `shop.service`."),
  sudo: flag()
    .prefault(true)
    .describe("`false`: the login may tell systemd itself (root, or a rule of polkit), without sudo."),
};

interface Unit {
  readonly unit: string;
  readonly sudo: boolean;
  readonly verb: "restart" | "reload-or-restart";
}

/** The command that root runs, literally as its line of sudoers has it: sudo compares arguments letter by letter. */
export function unitVerb({ unit, sudo, verb }: Unit): Pick<ServiceCommands, "run" | "sudo"> {
  const command = `systemctl ${verb} ${unit}`;
  return sudo ? { run: `sudo -n ${command}`, sudo: [`/usr/bin/${command}`] } : { run: command, sudo: [] };
}

/**
 * Whether the unit is there and runs, and whether sudo lets the login tell it. `sudo -l COMMAND` says 0 as soon as any rule
 * needs no password (measured with sudo 1.9): only the line itself counts.
 */
export function unitCheck(asked: Unit, manager = "systemctl"): string {
  const { unit, verb } = asked;
  const { sudo } = unitVerb(asked);
  return [
    `[ "$(${show(unit, "LoadState", manager)})" = loaded ] || { echo "deploy: there is no unit ${unit}" >&2; exit 1; }`,
    `[ "$(${show(unit, "ActiveState", manager)})" = active ] || { echo "deploy: ${unit} is not running: start it first" >&2; exit 1; }`,
    ...(verb === "restart"
      ? []
      : [
          `[ -n "$(${show(unit, "ExecReload", manager)})" ] || { echo "deploy: ${unit} has no ExecReload=" >&2; exit 1; }`,
        ]),
    ...sudo.map(
      (command) =>
        `[ "$(id -u)" = 0 ] || sudo -n -l 2>/dev/null | grep NOPASSWD: | tr , '\\n' | sed 's/^.*NOPASSWD: *//; s/^ *//' | grep -qxF -e ALL -e '${command}' || ` +
        `{ echo "deploy: sudo asks for a password: add \\"$(id -un) ALL=(root) NOPASSWD: ${command}\\" to sudoers" >&2; exit 1; }`,
    ),
  ].join("\n");
}

/** What systemd says of a unit, to anybody. */
export function show(unit: string, property: string, manager = "systemctl"): string {
  return `${manager} show ${unit} -p ${property} --value`;
}

/**
 * The workers of a unit's main process. One that was there before the reload may serve the release of before:
 * `workersGone` is true once none is left.
 */
export function workers(unit: string, manager = "systemctl"): string {
  return `main=$(${show(unit, "MainPID", manager)}); cat "/proc/$main/task/$main/children" 2>/dev/null`;
}

export function workersGone(unit: string, manager = "systemctl"): string {
  return `(now=" $(${workers(unit, manager)}) "; for pid in $before; do case $now in *" $pid "*) exit 1;; esac; done)`;
}

/**
 * A unit that was started in `current` and is only signalled serves its first release for ever: the kernel resolved the link
 * once (measured: Gunicorn, Puma, uWSGI). `named`: what in the command line names the folder instead.
 */
export function namesCurrent(unit: string, named: string, manager = "systemctl"): string {
  return [
    `case "$(${show(unit, "WorkingDirectory", manager)})" in`,
    "*/current|*/current/*|*/releases/*)",
    `  case "$(${show(unit, "ExecStart", manager)})" in *"${named}"*) ;; *)`,
    `    echo "deploy: ${unit} is started in its WorkingDirectory and would serve one release for ever: name the folder by ${named}" >&2; exit 1;;`,
    "  esac;;",
    "esac",
  ].join("\n");
}
