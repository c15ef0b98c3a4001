import type { Command } from "commander";

export const shells = ["bash", "zsh", "fish"] as const;

/** What a shell reads to complete this command: the sub-commands, and the flags of each. Pure. */
export function completionFor(shell: (typeof shells)[number], program: Command): string {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    about: firstLine(command.description()),
    flags: [...command.options, ...command.commands.flatMap(({ options }) => options)].map((option) => ({
      long: option.long ?? "",
      about: firstLine(option.description),
    })),
    parts: command.commands.map((part) => part.name()),
  }));
  return shell === "fish" ? fish(commands) : `${shell === "zsh" ? zshFirst : ""}${bash(commands)}`;
}

interface Known {
  readonly name: string;
  readonly about: string;
  readonly flags: readonly { readonly long: string; readonly about: string }[];
  readonly parts: readonly string[];
}

const zshFirst = "autoload -U +X bashcompinit && bashcompinit\n";

/** What is no flag and no sub-command is a file: `-o default`. */
function bash(commands: readonly Known[]): string {
  const cases = commands.map(({ name, flags, parts }) => {
    const words = [...parts, ...new Set(flags.map(({ long }) => long)), "--help"];
    return `    ${name}) words=${quote(words.join(" "))} ;;`;
  });
  return `_deploy() {
  local words
  case \${COMP_WORDS[1]} in
${cases.join("\n")}
    *) words=${quote(`${commands.map(({ name }) => name).join(" ")} help --help --version`)} ;;
  esac
  COMPREPLY=()
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _deploy deploy
`;
}

function fish(commands: readonly Known[]): string {
  const lines = commands.flatMap(({ name, about, flags }) => [
    `complete -c deploy -n __fish_use_subcommand -f -a ${name} -d ${quote(about)}`,
    ...flags.map(
      (flag) =>
        `complete -c deploy -n '__fish_seen_subcommand_from ${name}' -l ${flag.long.slice(2)} -d ${quote(flag.about)}`,
    ),
  ]);
  return `${lines.join("\n")}\n`;
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}

/** Our own words, yet with an apostrophe now and then. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
