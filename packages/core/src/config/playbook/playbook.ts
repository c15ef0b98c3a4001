import * as z from "zod";
import { secretName } from "../backup/storing.ts";
import { checkRoles } from "../hosts/roles.ts";
import { section } from "../section.ts";
import { anyRoles } from "../values/command.ts";
import { duration } from "../values/duration.ts";
import { flag, line, list, text } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";
import { readSharedFile, sharedPhrase } from "../values/paths.ts";

const file = () => text(sharedPhrase, readSharedFile);

const keys = {
  file: file().describe("The playbook: a file of what is shipped, such as `ansible/site.yml`."),
  roles: anyRoles(),
  tags: list(line("a tag"), "tags")
    .prefault([])
    .describe("Only tasks with one of these tags. Without: all of them."),
  check: flag()
    .prefault(false)
    .describe(
      "`true`: run in check mode when a plan is made, so that whoever approves reads which tasks would change something. It takes a key that may do more than read, and a task that says `check_mode: false` is run then, before anybody approved. Without, the plan only names the playbook.",
    ),
  diff: flag()
    .prefault(false)
    .describe(
      "Show how files differ, in the plan and in the log: with everything that a task puts there, unless it says `no_log: true` or `diff: false`.",
    ),
  "vault-secret": secretName()
    .optional()
    .describe("The environment variable that holds the password of Ansible's vault, where it is needed."),
  timeout: duration().prefault("30m").describe("How long it may take, then it is ended."),
};

const played = mapping(keys).meta({
  title: "playbook",
  description: "An Ansible playbook, when it needs more than its path.",
});

/** Ansible's part of a deploy. Times in milliseconds. */
export type Playbook = z.output<typeof played>;

export const playbook = section({
  keys: {
    playbook: z
      .union(
        [
          file()
            .transform((path) => ({ file: path }))
            .pipe(played),
          played,
        ],
        { error: `a path, or a mapping with ${Object.keys(keys).join(", ")}` },
      )
      .optional()
      .describe(
        "An Ansible playbook, run from the runner before backup and migration, over deploy's own connections.",
      ),
  },
  word: "file",
  check: ({ values: { playbook: given }, hosts }) =>
    given === undefined ? [] : checkRoles([{ roles: given.roles, path: ["playbook"] }], hosts),
});
