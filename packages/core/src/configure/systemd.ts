import { baseName, type ConfigureKind } from "./kind.ts";

/** An unknown key is a warning to systemd, and ends 0: any line about our own file counts. `--user` wants a runtime folder (measured with systemd 252). */
const test = [
  'case $to in "$HOME"/*) manager=--user;; *) manager=--system;; esac',
  'said=$(XDG_RUNTIME_DIR=$work systemd-analyze "$manager" verify "$file" 2>&1); code=$?',
  'mine=$(printf "%s\\n" "$said" | grep -F -e "$file" -e "$(basename "$file")")',
  '[ "$code" != 0 ] || [ -n "$mine" ] || exit 0',
  'if [ -n "$mine" ]; then printf "%s\\n" "$mine"; else printf "%s\\n" "$said"; fi; exit 1',
].join("\n");

export const systemd: ConfigureKind = {
  words: "a unit of systemd; at level `user`, of the login's own",
  tool: "systemd-analyze verify",
  test,
  to: (_, from, level) =>
    `${level === "user" ? "~/.config/systemd/user" : "/etc/systemd/system"}/${baseName(from)}`,
  levels: ["check", "user", "apply"],
};
