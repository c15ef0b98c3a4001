import { configureKind } from "../../configure/kinds.ts";
import { fillIn } from "../../configure/values.ts";
import type { Finding } from "../file/finding.ts";
import { checkRoles } from "../hosts/roles.ts";
import { input, section } from "../section.ts";
import { choice, list } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";
import { show } from "../values/text.ts";
import { kindNames, kindPhrase, type ServerFile, serverFile } from "./file.ts";

const drifts = ["stop", "overwrite"] as const;
const driftWords =
  "`stop` ends the run before anything changes; `overwrite` replaces what somebody wrote there by hand.";

const keys = {
  files: list(serverFile, "files").prefault([]).describe("The files, each for one kind of server."),
  drift: choice(drifts)
    .prefault("stop")
    .describe(`What is done where a file that deploy writes is not as it was left: ${driftWords}`),
};
const configuring = mapping(keys).meta({ title: "configure" });
type Given = ReturnType<typeof configuring.parse>;

export interface Configure {
  readonly files: readonly ServerFile[];
  readonly drift: (typeof drifts)[number];
}

/** The servers' own configuration, which comes with the release. */
export const configure = section({
  keys: {
    configure: configuring
      .optional()
      .describe("Files of servers that come with the release: of nginx, PHP-FPM, systemd and others."),
  },
  inner: Object.keys(keys),
  phrases: { [kindPhrase]: { near: kindNames } },
  inputs: {
    drift: input("text", "configure.drift", `Files of servers that were changed by hand: ${driftWords}`, {
      value: "<stop|overwrite>",
      description: "what is done where a server's file was changed by hand",
    }),
  },
  check: ({ values: { configure }, tree: { app }, hosts }) => {
    const files = configure?.files ?? [];
    const uses = files.map(({ roles }, index) => ({ roles, path: ["configure", "files", index] }));
    return [...checkRoles(uses, hosts), ...checkFiles(files, appOf(app))];
  },
  resolve: (values): { readonly configure?: Configure } => {
    const { app } = values as { readonly app?: unknown };
    if (values.configure === undefined) return {};
    const { files, drift } = values.configure;
    return { configure: { drift, files: files.map((file) => ({ ...file, to: placeOf(file, appOf(app)) })) } };
  },
});

type File = Given["files"][number];

const appOf = (app: unknown): string => (typeof app === "string" ? app : "app");

function placeOf({ kind, from, to, level }: File, app: string): string {
  return fillIn(to ?? configureKind(kind).to?.(app, from, level) ?? "", { app });
}

function checkFiles(files: readonly File[], app: string): readonly Finding[] {
  const places = files.map((file) => placeOf(file, app));
  return files.flatMap((file, index): readonly Finding[] => {
    const at = (key: string, code: Finding["code"], message: string) => [
      { path: ["configure", "files", index, key], at: "value", code, message } as const,
    ];
    const { levels } = configureKind(file.kind);
    if (!levels.includes(file.level))
      return at(
        "level",
        "config-invalid",
        `expected ${levels.join(" or ")} for ${file.kind}, got ${show(file.level)}`,
      );
    if (places[index] === "") return at("to", "config-missing", "expected where it is to stand, got nothing");
    return places.indexOf(places[index] ?? "") < index
      ? at("to", "config-conflict", `expected one file for each place, got ${show(places[index])} again`)
      : [];
  });
}
