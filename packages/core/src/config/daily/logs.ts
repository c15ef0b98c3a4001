import * as z from "zod";
import type { Journal } from "../../services/service.ts";
import { unitName } from "../../services/unit.ts";
import { checkRoles } from "../hosts/roles.ts";
import { section } from "../section.ts";
import { anyRoles } from "../values/command.ts";
import { flag, list, text } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";
import { readShared } from "../values/paths.ts";

/** Where output of the application is read; a file's path is absolute or below deploy-to. */
export type LogSource = ({ readonly file: string } | Journal) & { readonly roles: readonly string[] };

const filePhrase = "a path below deploy-to, such as shared/log/production.log, or an absolute one";

const file = mapping({
  file: text(filePhrase, readFile).describe(
    "A log file, below `deploy-to` or absolute; it may be rotated while it is followed.",
  ),
  roles: anyRoles(),
}).meta({ title: "logs: file" });

const unit = mapping({
  unit: unitName().describe("A unit, whose journal it is: `shop.service`."),
  user: flag().prefault(false).describe("`true`: of the login's own systemd."),
  roles: anyRoles(),
}).meta({ title: "logs: unit" });

export const logs = section({
  keys: {
    logs: list(
      z.union([file, unit], { error: "a mapping with file, or with unit" }),
      "mappings with file or unit",
    )
      .optional()
      .describe(
        "What `deploy logs` reads. Without: the journals of the units of `activate.service`, or else the newest files `*.log` of `shared/log`, `shared/logs`, `shared/storage/logs` and `shared/var/log`.",
      ),
  },
  check: ({ values: { logs = [] }, hosts }) =>
    checkRoles(
      logs.map(({ roles }, index) => ({ roles, path: ["logs", index, "roles"] })),
      hosts,
    ),
});

function readFile(text: string): string | undefined {
  const absolute = text.startsWith("/");
  const path = readShared(absolute ? text.slice(1) : text);
  return path === undefined || text.endsWith("/") ? undefined : `${absolute ? "/" : ""}${path}`;
}
