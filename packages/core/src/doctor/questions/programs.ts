import { commandsOn, programOf, simpleCommands } from "./commands.ts";
import { type Asked, not, type Question } from "./question.ts";

/** Whether what the config runs is found where ssh commands look: what .bashrc adds is not there, and often no sbin. */
export function programs(asked: Asked): readonly Question[] {
  const names = commandsOn(asked).flatMap(simpleCommands).map(programOf);
  const found = [...new Set(names)].sort();
  if (found.length === 0) return [];
  const places = [
    ...["/usr/local/sbin", "/usr/sbin", "/sbin"],
    ...[
      ".local/bin",
      ".rbenv/shims",
      ".pyenv/shims",
      ".asdf/shims",
      ".volta/bin",
      ".nvm/versions/node/*/bin",
    ].map((place) => `"$HOME"/${place}`),
  ];
  const run = [
    `for program in ${found.join(" ")}; do`,
    '  if command -v "$program" >/dev/null 2>&1; then continue; fi',
    `  for place in ${places.join(" ")}; do`,
    `    [ ! -x "$place/$program" ] || ${not("$program is $place/$program, where ssh commands do not look", "sudo ln -s $place/$program /usr/local/bin/")}`,
    "  done",
    `  ${not("$program is not there, and commands of the config run it", "install $program, or let an earlier command of prepare bring it")}`,
    "done",
  ];
  return [{ about: "programs", level: "warn", run: run.join("\n"), good: `${found.join(", ")} are found` }];
}
