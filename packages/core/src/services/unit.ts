import { flag, text } from "../config/values/leaves.ts";

const unitPhrase = "the name of a systemd unit, such as shop.service";

/** systemd.unit(5): these characters and no other; a template's instance has one `@`. */
export const unitName = () =>
  text(unitPhrase, (value) =>
    /^[A-Za-z0-9:_][A-Za-z0-9:_.\\-]{0,200}(@[A-Za-z0-9:_.\\-]{0,100})?\.(service|target)$/.test(value)
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

/** What is run; root's part of it is, letter by letter, what a line of sudoers has: sudo compares so. */
function runOf({ unit, sudo, verb }: Unit): string {
  return `${sudo ? "sudo -n " : ""}systemctl ${verb} ${unit}`;
}

/** Before the first release there is nothing to run: the deploy starts it. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: a shell reads it.
const firstTime = '[ ! -e "${DEPLOY_CURRENT_PATH:-/}" ]';

/**
 * Whether the unit is there and runs, and whether sudo lets the login tell it. `sudo -l COMMAND` says 0 as soon as any rule
 * needs no password (measured with sudo 1.9): only the line itself counts.
 */
function unitCheck({ unit, verb, sudo }: Unit, manager = "systemctl"): string {
  const command = `/usr/bin/systemctl ${verb} ${unit}`;
  return [
    `[ "$(${show(unit, "LoadState", manager)})" = loaded ] || { echo "deploy: there is no unit ${unit}" >&2; exit 1; }`,
    `[ "$(${show(unit, "ActiveState", manager)})" = active ] || ${firstTime} || { echo "deploy: ${unit} is not running: start it first" >&2; exit 1; }`,
    ...(verb === "restart"
      ? []
      : [
          `[ -n "$(${show(unit, "ExecReload", manager)})" ] || { echo "deploy: ${unit} has no ExecReload=" >&2; exit 1; }`,
        ]),
    ...(sudo
      ? [
          `[ "$(id -u)" = 0 ] || sudo -n -l 2>/dev/null | grep NOPASSWD: | tr , '\\n' | sed 's/^.*NOPASSWD: *//; s/^ *//' | grep -qxF -e ALL -e '${command}' || ` +
            `{ echo "deploy: sudo asks for a password: add \\"$(id -un) ALL=(root) NOPASSWD: ${command}\\" to sudoers" >&2; exit 1; }`,
        ]
      : []),
  ].join("\n");
}

/** What systemd says of a unit, to anybody. */
export function show(unit: string, property: string, manager = "systemctl"): string {
  return `${manager} show ${unit} -p ${property} --value`;
}

/**
 * A unit that is signalled and whose workers are renewed; one that died is started. A worker that was there before may serve the release
 * of before: it is over once none is left.
 */
export function renewed({ unit, sudo }: Pick<Unit, "unit" | "sudo">, more: readonly string[] = []) {
  const asked = { unit, sudo, verb: "reload-or-restart" } as const;
  const workers = `main=$(${show(unit, "MainPID")}); cat "/proc/$main/task/$main/children" 2>/dev/null`;
  return {
    check: [unitCheck(asked), ...more].join("\n"),
    run: runOf(asked),
    before: workers,
    settled: `(now=" $(${workers}) "; for pid in $before; do case $now in *" $pid "*) exit 1;; esac; done)`,
  };
}

/** A unit whose process is another one behind its verb. */
export function restarted(asked: Unit, manager = "systemctl") {
  const start = show(asked.unit, "ExecMainStartTimestampMonotonic", manager);
  const active = `[ "$(${show(asked.unit, "ActiveState", manager)})" = active ]`;
  return {
    check: unitCheck(asked, manager),
    run: runOf(asked).replace("systemctl", () => manager),
    before: start,
    settled: asked.verb === "restart" ? `${active} && [ "$(${start})" != "$before" ]` : active,
  };
}

/**
 * A unit that was started in `current` and is only signalled serves its first release for ever: the kernel resolved the link
 * once (measured: Gunicorn, Puma, uWSGI). `named`: what in the command line names the folder instead.
 */
export function namesCurrent(unit: string, named: string): string {
  return [
    `case "$(${show(unit, "WorkingDirectory")})" in`,
    "*/current|*/current/*|*/releases/*)",
    `  case "$(${show(unit, "ExecStart")})" in *"${named}"*) ;; *)`,
    `    echo "deploy: ${unit} is started in its WorkingDirectory and would serve one release for ever: name the folder by ${named}" >&2; exit 1;;`,
    "  esac;;",
    "esac",
  ].join("\n");
}
