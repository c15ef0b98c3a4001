import * as z from "zod";
import { type Level, levels } from "../../configure/kind.ts";
import { type ConfigureKindName, configureKind, configureKinds } from "../../configure/kinds.ts";
import { pathValues, strayPlaceholders } from "../../configure/values.ts";
import { anyRoles } from "../values/command.ts";
import { choice, command, text } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";
import { readSharedFile, sharedPhrase } from "../values/paths.ts";

export const kindNames = Object.keys(configureKinds) as [ConfigureKindName, ...ConfigureKindName[]];
export const kindPhrase = `one of ${kindNames.join(", ")}`;
const toPhrase = `an absolute path of letters, digits and . _ @ -, or one below ~/, with no placeholder but ${pathValues.map((name) => `{{deploy.${name}}}`).join(" and ")}`;

/** Nothing that a shell or a file name of ours reads another way; a placeholder is judged as a name would be. */
function readTo(given: string): string | undefined {
  if (given.length > 200 || strayPlaceholders(given, pathValues).length > 0) return undefined;
  const path = given.replaceAll(/\{\{deploy\.[a-z]+\}\}/g, "x");
  const plain =
    /^~?(\/[A-Za-z0-9._@-]+)+$/.test(path) && !path.split("/").some((part) => /^\.{1,2}$/.test(part));
  return plain ? given : undefined;
}

const meanings = kindNames.map((name) => `\`${name}\` ${configureKind(name).words}`).join(", ");

/** A file of a server's, as a release has it and as it is to stand on a host. */
export const serverFile = mapping({
  kind: z.enum(kindNames, { error: kindPhrase }).describe(`Whose file it is: ${meanings}.`),
  from: text(sharedPhrase, readSharedFile).describe("Its path in the release."),
  to: text(toPhrase, readTo)
    .optional()
    .describe("Where it is to stand on the host. Without: the kind's usual place; `file` has none."),
  level: choice(levels)
    .prefault("check")
    .describe(
      "`check`: tested before anybody switches, and compared with what stands there; somebody else writes it. `user`: written by the login, where it may. `apply`: written by root's helper, which you install once.",
    ),
  test: z
    .union([z.literal(false), command()], { error: "a command, or false" })
    .optional()
    .describe(
      "Instead of the kind's own test: a command that exits with 0 where `$file` is right. `false`: none.",
    ),
  roles: anyRoles(),
}).meta({ title: "configure: file" });

/** As code reads it: its place is known but for the app's name. */
export interface ServerFile {
  readonly kind: ConfigureKindName;
  readonly level: Level;
  readonly from: string;
  readonly to: string;
  readonly roles: readonly string[];
  readonly test?: string | false;
}
