import {
  type ConfigureData,
  configureKind,
  count,
  type PlannedHost,
  type ServerFile,
  testOf,
} from "@deploy/core";
import { type Compared, type ConfiguredFile, type ConfigureOptions, configure } from "@deploy/remote";
import type { Context } from "../context.ts";
import { type Answer, askSurely } from "../hosts/ask.ts";
import { watched } from "../hosts/fan.ts";
import type { Link } from "../hosts/fleet.ts";
import { plannedOf } from "../hosts/planned.ts";
import type { Of } from "../ledger.ts";

interface Asked {
  readonly data: Omit<ConfigureData, "drift"> & Pick<ConfigureOptions, "drift">;
  readonly of: Of;
  readonly verb: "test" | "put";
}

/** Servers' own files on one host, tried (`test`) or made those of what is live there (`put`); ok with what was found, in words. */
export async function configureOn(
  context: Context,
  link: Link,
  { data, of, verb }: Asked,
): Promise<Answer<string>> {
  const { plan } = context;
  const host = plannedOf(plan, link.host.name);
  const files = data.files.filter((file) => isOn(file, host));
  const command = configure(verb, {
    fence: context.fence(),
    release: plan.release,
    files: files.map(asked),
    values: {
      ...{ app: plan.app, environment: plan.environment, host: host.host, address: host.address },
      ...{ user: host.username, roles: host.roles.join(",") },
    },
    drift: data.drift,
    ...(data.helper === undefined ? {} : { helper: data.helper }),
  });
  const answer = await askSurely(link, command, watched(context, link, of, ["stderr"]));
  if (answer.status !== "ok") return answer;
  return {
    status: "ok",
    value: files.map((file, index) => words(verb, file, answer.value[index])).join("; "),
  };
}

function isOn({ roles }: ServerFile, host: PlannedHost): boolean {
  return roles.length === 0 || host.roles.length === 0 || host.roles.some((role) => roles.includes(role));
}

function asked(file: ServerFile): ConfiguredFile {
  const { kind, from, to, level } = file;
  const name = testOf(file);
  const text = typeof file.test === "string" ? file.test : configureKind(kind).test;
  return { from, to, level, ...(name === undefined || text === undefined ? {} : { test: { name, text } }) };
}

function words(verb: "test" | "put", file: ServerFile, compared: Compared | undefined): string {
  const { from, to, level } = file;
  const tried = testOf(file);
  const well = verb === "test" && tried !== undefined ? `${tried} takes ${from}` : from;
  if (compared === undefined || compared.standing === "same") return `${well}, ${to} is the same`;
  const { standing, lines, shown } = compared;
  const some = shown.length === 0 ? "" : `: ${shown.join(" | ")}`;
  const how =
    standing === "gone"
      ? `${to} is not there`
      : standing === "unread"
        ? `${to} cannot be read by the login`
        : `${to} differs (${count(lines, "line")})${some}`;
  if (level === "check") return `${well}, but ${how}: install it by hand`;
  return verb === "test" ? `${well}, ${how} and will be written` : `${to} written from ${from}`;
}
