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

/** Of a server that has one unit by the name of its package. */
export const unitKeysOf = (unit: string) => ({
  ...unitKeys,
  unit: unitName().prefault(unit).describe(`Its unit; \`${unit}\` unless told.`),
});

interface Unit {
  readonly unit: string;
  readonly sudo: boolean;
  readonly verb: "restart" | "reload-or-restart";
}

/** What is run; root's part of it is, letter by letter, what a line of sudoers has: sudo compares so. */
function runOf({ unit, sudo, verb }: Unit, manager = "systemctl"): string {
  return `${sudo ? "sudo -n " : ""}${manager} ${verb} ${unit}`;
}

/**
 * The same on the way back. A unit that died again and again, of `Restart=` or of who asks at its socket, is refused a start
 * (10 s unless its `StartLimitIntervalSec=` says otherwise): forgotten where the login may, else asked until that is over.
 */
function backOf(asked: Unit, manager = "systemctl"): string {
  return [
    ...(asked.sudo ? [] : [`${manager} reset-failed ${asked.unit} 2>/dev/null`]),
    `tries=5; until ${runOf(asked, manager)}; do tries=$((tries - 1)); [ "$tries" -gt 0 ] || exit 1; sleep 3; done`,
  ].join("\n");
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
    isRunning(unit, manager),
    ...(verb === "restart"
      ? []
      : [
          `[ -n "$(${show(unit, "ExecReload", manager)})" ] || { echo "deploy: ${unit} has no ExecReload=" >&2; exit 1; }`,
        ]),
    ...(sudo ? [allowed(command)] : []),
  ].join("\n");
}

/** Whether sudo lets the login run it, by the very line. */
export function allowed(command: string): string {
  return (
    `[ "$(id -u)" = 0 ] || sudo -n -l 2>/dev/null | grep NOPASSWD: | tr , '\\n' | sed 's/^.*NOPASSWD: *//; s/^ *//' | grep -qxF -e ALL -e '${command}' || ` +
    `{ echo "deploy: sudo asks for a password: add \\"$(id -un) ALL=(root) NOPASSWD: ${command}\\" to sudoers" >&2; exit 1; }`
  );
}

export function isRunning(unit: string, manager = "systemctl"): string {
  return [
    `[ "$(${show(unit, "LoadState", manager)})" = loaded ] || { echo "deploy: there is no unit ${unit}" >&2; exit 1; }`,
    `[ "$(${show(unit, "ActiveState", manager)})" = active ] || ${firstTime} || { echo "deploy: ${unit} is not running: start it first" >&2; exit 1; }`,
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
    back: backOf(asked),
    before: workers,
    settled: `(${died(unit)}\nnow=" $(${workers}) "; for pid in $before; do case $now in *" $pid "*) exit 1;; esac; done)`,
  };
}

/** Ends the wait for a unit that is over. */
function died(unit: string, manager = "systemctl"): string {
  return `[ "$(${show(unit, "ActiveState", manager)})" != failed ] || { echo "deploy: ${unit} died of it: ${manager} status ${unit}" >&2; exit 69; }`;
}

/** A unit whose process is another one behind its verb. */
export function restarted(asked: Unit, manager = "systemctl") {
  const start = show(asked.unit, "ExecMainStartTimestampMonotonic", manager);
  const active = `${died(asked.unit, manager)}\n[ "$(${show(asked.unit, "ActiveState", manager)})" = active ]`;
  return {
    check: unitCheck(asked, manager),
    run: runOf(asked, manager),
    back: backOf(asked, manager),
    before: start,
    settled: asked.verb === "restart" ? `(${active} && [ "$(${start})" != "$before" ])` : `(${active})`,
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
