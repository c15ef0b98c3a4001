import { quote } from "../../plan/words.ts";
import { type Asked, not, type Question } from "./question.ts";

/** Whether shared files hold something that the login can read; hosts should have the same. That they are there, plan sees to. */
export function sharedFiles({ config: { shared } }: Asked): readonly Question[] {
  return shared.files.map((file) => ({
    about: `shared/${file}`,
    level: "warn",
    run: [
      `file="$DEPLOY_SHARED_PATH"/${quote(file)}`,
      '[ -e "$file" ] || exit 0',
      `[ -r "$file" ] || ${not("the login may not read it", "sudo chown $(id -un) $file")}`,
      `[ -s "$file" ] || ${not("it is empty", "fill $file")}`,
      'echo "alike: $(cksum <"$file")" >&2',
    ].join("\n"),
    good: "it is there, and holds something",
  }));
}
