import { randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import {
  type Config,
  DeployError,
  envFileOf,
  envLine,
  envName,
  formatProblem,
  list,
  makeProblem,
  textTable,
} from "@deploy/core";
import { changeEnv, type EnvChange, type HostEnv, listEnv } from "@deploy/engine";
import { pathOf } from "../credentials.ts";
import type { EnvOptions } from "../dailyOptions.ts";
import { Misuse, reading } from "../failure.ts";
import { whoAmI } from "../fleet.ts";
import { type Reached, withHosts } from "../hosts.ts";
import type { Io } from "../io.ts";
import { laptopOwner } from "../owner.ts";
import { plainText } from "../plain.ts";
import { readSecret } from "../secret.ts";
import type { Context } from "./context.ts";

/** Names what the environment file sets, where hosts differ, and what changed since the live release began; never a value. Exit code 4 where hosts differ. */
export async function envListCommand(options: EnvOptions, context: Context): Promise<number> {
  const { screen } = context;
  return withHosts(options, "all", context, async ({ config, fleet, shown }) => {
    const file = options.file ?? envFileOf(config);
    const id = randomBytes(16).toString("hex");
    const hosts = await listEnv(fleet, { base: config.deployTo, file, id });
    const names = [
      ...new Set(hosts.flatMap((each) => (each.reached ? [...each.digests.keys()] : []))),
    ].sort();
    const rows = names.map((name) => ({ name, differs: differsOn(name, hosts, shown) }));
    const none = names.length === 0 ? ["  nothing"] : [];
    const table = textTable(
      rows.map(({ name, differs }) => [name, differs]),
      "  ",
    );
    screen.say([`shared/${file} sets:`, ...table, ...none].join("\n"));
    for (const line of changedLines(hosts, shown)) screen.say(line);
    for (const each of hosts)
      if (!each.reached) screen.warn(plainText(`${shown(each.host)}: ${formatProblem(each.problem)}`));
    const same = hosts.every(({ reached }) => reached) && rows.every(({ differs }) => differs === "");
    screen.answer({ schema: 1, exitCode: same ? 0 : 4, file, variables: rows });
    return same ? 0 : 4;
  });
}

/** "" where every host that was read has the same value. */
function differsOn(name: string, hosts: readonly HostEnv[], shown: Reached["shown"]): string {
  const read = hosts.flatMap((each) =>
    each.reached ? [{ host: shown(each.host), digest: each.digests.get(name) }] : [],
  );
  const lacking = read.filter(({ digest }) => digest === undefined).map(({ host }) => host);
  const digests = [...new Set(read.flatMap(({ digest }) => (digest === undefined ? [] : [digest])))];
  const apart = digests.map((one) =>
    list(read.flatMap(({ host, digest }) => (digest === one ? [host] : []))),
  );
  return [
    ...(lacking.length === 0 ? [] : [`not on ${list(lacking)}`]),
    ...(apart.length < 2 ? [] : [`not the same on ${apart.join(" as on ")}`]),
  ].join("; ");
}

function changedLines(hosts: readonly HostEnv[], shown: Reached["shown"]): readonly string[] {
  const changed = hosts.flatMap((each) =>
    each.reached && each.changedSince !== undefined
      ? [{ host: shown(each.host), release: each.changedSince }]
      : [],
  );
  return [...new Set(changed.map(({ release }) => release))].map((release) => {
    const on = changed.filter((each) => each.release === release).map(({ host }) => host);
    return `Changed since ${release} began on ${list(on)}.`;
  });
}

/** Sets one variable, whose value is typed or piped in, or those of a file. */
export async function envSetCommand(
  name: string | undefined,
  options: EnvOptions & { readonly from?: string },
  context: Context,
): Promise<number> {
  const { io } = context;
  if ((name === undefined) === (options.from === undefined))
    throw new Misuse([makeProblem("argument-refused", "a name, or --from FILE: one of them")]);
  const set = await reading(async () =>
    name === undefined
      ? readLines(pathOf(options.from ?? "", io))
      : envLine(envName(name), await readValue(name, io)),
  );
  return change({ set }, name ?? `${options.from}`, options, context);
}

/** Empty is what a command before a pipe leaves that failed. */
async function readValue(name: string, io: Io): Promise<string> {
  const value = await readSecret(io, `Value of ${name} (not shown): `);
  if (value !== "") return value;
  throw new Misuse([
    makeProblem(
      "argument-refused",
      `the value of ${name} that was typed or piped in is empty; one that is meant to be comes by --from FILE`,
    ),
  ]);
}

async function readLines(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new DeployError("argument-refused", `${path} cannot be read`, { place: { file: path }, cause });
  });
  return text.endsWith("\n") ? text : `${text}\n`;
}

export async function envUnsetCommand(
  names: readonly string[],
  options: EnvOptions,
  context: Context,
): Promise<number> {
  const unset = await reading(() => names.map(envName));
  return change({ unset }, names.join(", "), options, context);
}

async function change(
  wanted: EnvChange,
  what: string,
  options: EnvOptions,
  context: Context,
): Promise<number> {
  const { screen } = context;
  return withHosts(options, "all", context, async ({ config, fleet, clock, hosts }) => {
    const file = options.file ?? envFileOf(config);
    const owner = laptopOwner({ ...whoAmI(), commit: "", phase: "env", nonce: randomUUID() });
    const control = { base: config.deployTo, owner, clock, events: () => {} };
    const id = randomUUID().replaceAll("-", "");
    const problems = await changeEnv(fleet, { base: config.deployTo, file, id }, wanted, control);
    for (const problem of problems) screen.warn(plainText(formatProblem(problem)));
    const done = "set" in wanted ? "set in" : "no more in";
    if (problems.length === 0)
      screen.say(
        `${what}: ${done} shared/${file} on ${hosts.length === 1 ? "the server" : `all ${hosts.length} servers`}.`,
      );
    else screen.warn("Servers may differ now: `deploy env list` shows how; the same command again mends it.");
    screen.say(restartWords(config));
    const exitCode = problems.length === 0 ? 0 : 4;
    screen.answer({ schema: 1, exitCode, file, problems });
    return exitCode;
  });
}

/** What runs keeps what it read when it began. */
function restartWords({ activate }: Config): string {
  const services = (activate.service ?? []).flatMap(({ commands: { run } }) =>
    run === undefined ? [] : [run],
  );
  const restart = [...activate.reload.map(({ run }) => run), ...services];
  const by = restart.map((run) => `\n  deploy exec --all -- '${run.replaceAll("'", "'\\''")}'`);
  return `What runs keeps what it has read. Deploy the same once more (deploy run --force)${by.length === 0 ? "." : `, or start it anew:${by.join("")}`}`;
}
