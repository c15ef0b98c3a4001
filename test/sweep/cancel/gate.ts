import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type FleetHost, until } from "@deploy/testkit";

/**
 * A login shell: numbers what is run on its host from the switch on, and holds the one that `~/gate/hold` names, before it
 * runs or when it has run and its end is not told yet.
 */
export const gateShell = `#!/bin/sh
[ "$1" = -c ] || exec sh "$@"
gate=$HOME/gate line=$2 told=$2
# A shell that waits is told only now what it runs: its size, then as much, the arguments on the first line.
case $line in *'read -r size'*)
  IFS= read -r size || exit 70
  text=$HOME/waiting.$$
  dd bs="$size" count=1 iflag=fullblock of="$text" 2>/dev/null
  told="waiting sh$(head -n 1 "$text" | sed 's/^set --//')"
  line="exec sh -c 'eval \\"\\$(cat $text; rm $text)\\"; exit 70'"
  ;;
esac
case $told in *" 'activate'"*) : >"$gate/on" ;; esac
[ -e "$gate/on" ] || exec sh -c "$line"
printf '%s\\n' "$told" >>"$gate/operations"
n=$(wc -l <"$gate/operations")
hold() {
  [ "$(cat "$gate/hold" 2>/dev/null)" = "$((n)) $1" ] || return 0
  : >"$gate/held"
  until [ -e "$gate/go" ]; do sleep 0.02; done
}
hold before
sh -c "$line"
code=$?
hold after
[ ! -e "$gate/held" ] || : >"$gate/over"
exit "$code"
`;

/** Before the `at`-th operation of a host since its switch, counted from 1, or when it has run. */
export interface Moment {
  readonly at: number;
  readonly when: "before" | "after";
}

/** What has been run on a host since its switch. */
export function operationsOn(host: FleetHost): readonly string[] {
  const lines = readFileSync(join(host.home, "gate/operations"), "utf8").split("\n").slice(0, -1);
  return lines.map(nameOf);
}

/** Forgets what was run, and what is to be held. */
export function resetGate({ home }: FleetHost): void {
  rmSync(join(home, "gate"), { recursive: true, force: true });
  mkdirSync(join(home, "gate"));
}

export function setGate({ home }: FleetHost, { at, when }: Moment): void {
  writeFileSync(join(home, "gate/hold"), `${at} ${when}`);
}

/** Lets what is held go on, and resolves once it is over on the host. */
export async function openGate(host: FleetHost): Promise<void> {
  writeFileSync(join(host.home, "gate/go"), "");
  await until("the end of what was held", () => existsSync(join(host.home, "gate/over")));
}

export function isHeld({ home }: FleetHost): boolean {
  return existsSync(join(home, "gate/held"));
}

const names: readonly (readonly [RegExp, string])[] = [
  [/HUP/, "reload"],
  [/'http:/, "health"],
  [/'activate'/, "flip"],
  [/'revert'$/, "flip back"],
  [/ sh '(?:acquire|release|renew|force)' /, "lock"],
  [/ sh '[^']*'$/, "current"],
];

/** The line has a script's arguments; the script itself came on stdin. */
function nameOf(line: string): string {
  return names.find(([pattern]) => pattern.test(line))?.[1] ?? "finish";
}
