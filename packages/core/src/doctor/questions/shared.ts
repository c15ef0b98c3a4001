import { quote } from "../../plan/words.ts";
import { type Asked, not, type Question, unsure } from "./question.ts";

/** Whether shared files hold something that the login can read; hosts should have the same. One that is missing has a line of its own. */
export function sharedFiles({ config: { shared }, missing }: Asked): readonly Question[] {
  const there = shared.files.filter((file) => !missing.includes(file));
  return there.map((file) => ({
    about: `shared/${file}`,
    level: "warn",
    run: [
      `file="$DEPLOY_SHARED_PATH"/${quote(file)}`,
      `[ -r "$file" ] || ${not("the login may not read it", "sudo chown $(id -un) $file")}`,
      `[ -s "$file" ] || ${unsure("it is empty: whether the app needs something in it, nobody can tell")}`,
      'echo "alike: $(cksum <"$file")" >&2',
    ].join("\n"),
    good: "it is there, and holds something",
  }));
}
