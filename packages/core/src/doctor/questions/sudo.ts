import { commandsOn, simpleCommands } from "./commands.ts";
import { type Asked, not, type Question, unsure } from "./question.ts";

/** Whether sudo lets the login run what the config has behind it, without a password and by the very line. */
export function sudo(asked: Asked): readonly Question[] {
  const lines = commandsOn(asked)
    .flatMap(simpleCommands)
    .flatMap((command) => /^sudo\s+(?:-n\s+)?([\w/.][\w/. :@=-]*)$/.exec(command)?.[1] ?? []);
  return [...new Set(lines)].map((line) => ({
    about: "sudo",
    level: "stop",
    run: check(line),
    good: `${line}: no password is asked for`,
  }));
}

/**
 * `sudo -l COMMAND` says 0 as soon as any rule needs no password (measured with sudo 1.9): only the line itself counts, and of
 * a pattern nobody but sudo can say what it matches. Programs are looked for where sudo does.
 */
function check(line: string): string {
  const [program = "", ...rest] = line.split(/\s+/);
  return [
    '[ "$(id -u)" != 0 ] || exit 0',
    `command -v sudo >/dev/null 2>&1 || ${not("sudo is not there", "install sudo")}`,
    `program=$(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:$PATH; command -v ${program}) || program=${program}`,
    `line="${["$program", ...rest].join(" ")}"`,
    `rules=$(sudo -n -l 2>/dev/null | grep NOPASSWD: | tr , '\\n' | sed 's/^.*NOPASSWD: *//; s/^ *//')`,
    `if printf '%s\\n' "$rules" | grep -qxF -e ALL -e "$line" -e "$program"; then exit 0; fi`,
    `case $rules in *[*?[]*) ${unsure("rules with patterns: only sudo can say whether $line is among them")} ;; esac`,
    not(
      "sudo asks for a password before $line",
      "echo '$(id -un) ALL=(root) NOPASSWD: $line' | sudo tee -a /etc/sudoers.d/deploy",
    ),
  ].join("\n");
}
