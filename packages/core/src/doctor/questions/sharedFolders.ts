import { hostsWith } from "../../plan/fleet.ts";
import { quote } from "../../plan/words.ts";
import { type Asked, not, type Question } from "./question.ts";

/** Whether those who write into shared folders may: the login, and the user that a unit of the system's runs as. */
export function sharedFolders({ config, host }: Asked): readonly Question[] {
  const { shared, activate } = config;
  if (shared.directories.length === 0) return [];
  const units = (activate.service ?? [])
    .filter(({ roles }) => hostsWith(config, roles).includes(host))
    .flatMap(({ commands: { journal } }) => (journal === undefined || journal.user ? [] : [journal.unit]));
  return [
    {
      ...{ about: "shared folders", level: "warn" },
      run: [
        "me=$(id -un)",
        writers(units),
        `for folder in ${shared.directories.map(quote).join(" ")}; do`,
        '  folder="$DEPLOY_SHARED_PATH"/$folder',
        // A deploy makes what is not there.
        '  [ -d "$folder" ] || continue',
        `  [ -w "$folder" ] || ${not("$folder is not the login's to write in", "sudo chown -R $me $folder")}`,
        "  for user in $users; do",
        '    set -- $(ls -ld "$folder")',
        '    case $3:$1 in "$user":d?w*) continue ;; esac',
        "    case $1 in ????????w*) continue ;; esac",
        '    case " $(id -Gn "$user" 2>/dev/null) :$1" in *" $4 "*:?????w*) continue ;; esac',
        `    ${not("$user, as whom the app runs, may not write into $folder", "sudo chgrp $(id -gn $user) $folder && sudo chmod g+ws $folder")}`,
        "  done",
        "done",
      ].join("\n"),
      good: "the login and the app may write into them",
    },
  ];
}

/** Users of the units that are neither root nor the login. */
const writers = (units: readonly string[]): string =>
  units.length === 0
    ? "users="
    : `users=$(for unit in ${units.join(" ")}; do systemctl show "$unit" -p User --value 2>/dev/null; done | grep -vx -e '' -e root -e "$me" | sort -u)`;
