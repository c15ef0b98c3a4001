import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Config, DeployError, parseHosts } from "@deploy/core";
import { loadConfig } from "@deploy/session";
import { ask } from "../confirm.ts";
import { pathOf } from "../credentials.ts";
import { reading } from "../failure.ts";
import { detect, stacks } from "../init/detect.ts";
import { makeKeys } from "../init/keys.ts";
import { repositoryAt } from "../init/repository.ts";
import { serverScript } from "../init/server.ts";
import type { Answers, Stack } from "../init/stack.ts";
import { appNameFrom, nextSteps, type StarterFile, starterFiles } from "../init/starter.ts";
import type { Io } from "../io.ts";
import { defaultConfig } from "../options.ts";
import { repositoryOf } from "../project.ts";
import type { Context } from "./context.ts";

export interface InitOptions {
  readonly hosts?: string;
  readonly domain?: string;
  readonly app?: string;
  readonly stack?: string;
  readonly server?: boolean;
  readonly key?: string;
  readonly keys?: boolean;
}

/** Writes what is missing, keeps what is there, and says what is left to do; with `--server`, prints what prepares a server. */
export function initCommand(options: InitOptions, context: Context): Promise<number> {
  return reading(() => begin(options, context));
}

async function begin(options: InitOptions, { io, screen }: Context): Promise<number> {
  const folder = repositoryOf(io.cwd);
  const stack = stackOf(options, folder);
  const known = await configAt(folder);
  if (options.server === true) {
    screen.say(await scriptFor(options, stack, known, io));
    return 0;
  }
  const hosts = known?.hosts.map(hostLine) ?? (await hostsFrom(options, io));
  const answers = answersOf(options, hosts, known, folder);
  for (const file of starterFiles({ answers, hosts, stack, repository: repositoryAt(folder) })) {
    const made = await ensureFile(folder, file);
    screen.say(`${made ? screen.paint("green", "wrote") : screen.paint("dim", "kept ")} ${file.path}`);
  }
  const named = options.keys === true ? await configAt(folder) : undefined;
  if (named !== undefined) await makeKeys({ app: answers.app, folder, hosts: named.hosts }, { io, screen });
  screen.say(`\n${nextSteps(answers, hosts, stack)}`);
  return 0;
}

function stackOf({ stack: name }: InitOptions, folder: string): Stack | undefined {
  if (name === undefined) return detect(repositoryAt(folder));
  const found = stacks.find((stack) => stack.name === name);
  if (found !== undefined) return found;
  throw invalid(`--stack ${name}`, `expected one of ${stacks.map((stack) => stack.name).join(", ")}`);
}

/** An earlier run's, or a person's; what is wrong with it is another command's to say. */
async function configAt(folder: string): Promise<Config | undefined> {
  try {
    return await loadConfig({ configFile: defaultConfig, configRequired: true, root: folder, overrides: {} });
  } catch {
    return undefined;
  }
}

async function hostsFrom({ hosts }: InitOptions, io: Io): Promise<readonly string[]> {
  const asked =
    hosts ?? (io.stdin.isTTY === true ? await ask(io, "Servers, as deploy@web1.example.com: ") : "");
  const lines = asked.split(/[\s,]+/).filter((word) => word !== "");
  if (lines.length === 0) return ["deploy@web1.example.com", "deploy@web2.example.com"];
  const named = lines.map((line) => (line.includes("@") ? line : `deploy@${line}`));
  parseHosts(named.join("\n"));
  return named;
}

function answersOf(
  { app, domain }: InitOptions,
  hosts: readonly string[],
  known: Config | undefined,
  folder: string,
): Answers {
  const name = known?.app ?? app ?? appNameFrom(basename(folder));
  if (name !== appNameFrom(name)) throw invalid(`--app ${name}`, "expected small letters, digits and dashes");
  if (domain !== undefined && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(domain))
    throw invalid(`--domain ${domain}`, "expected a name such as shop.example.com");
  const [user = "deploy"] = hosts[0]?.split("@") ?? [];
  return { app: name, deployTo: known?.deployTo ?? `/var/www/${name}`, domain: domain ?? "_", user };
}

async function scriptFor(
  options: InitOptions,
  stack: Stack | undefined,
  known: Config | undefined,
  io: Io,
): Promise<string> {
  if (known === undefined)
    throw new DeployError(
      "config-missing",
      `${defaultConfig} is not there, or not right yet: run \`deploy init\` first`,
    );
  if (stack === undefined)
    throw invalid(
      "--stack",
      `nothing here says which one it is: name it, of ${stacks.map(({ name }) => name).join(", ")}`,
    );
  const answers = answersOf(options, known.hosts.map(hostLine), known, io.cwd);
  // They become text of a script that root runs.
  if (!/^(\/[\w.-]+)+$/.test(answers.deployTo))
    throw invalid(answers.deployTo, "expected a path of letters, digits, _ . -");
  if (!/^[a-z_][\w-]*$/i.test(answers.user))
    throw invalid("hosts", "expected a login of letters, digits, _ -");
  return serverScript(
    answers,
    stack.recipe(answers, repositoryAt(repositoryOf(io.cwd))),
    await keyFrom(options, io),
  );
}

/** The public half, one line of letters that mean nothing to a shell. */
async function keyFrom({ key }: InitOptions, io: Io): Promise<string> {
  if (key === undefined)
    throw invalid(
      "--key",
      "expected the file of the public key that deploys, such as ~/.ssh/deploy-shop.pub",
    );
  const text = await reading(() =>
    readFile(pathOf(key, io), "utf8").catch((cause: unknown) => {
      throw new DeployError("identity-missing", `${key} cannot be read`, { place: { file: key }, cause });
    }),
  );
  const [line = ""] = text.trim().split("\n");
  if (/^(ssh|ecdsa|sk)-[\w@.-]+ [A-Za-z0-9+/=]+( [\w@.:-]*)?$/.test(line)) return line;
  throw new DeployError("identity-missing", `${key} holds no public key`, { place: { file: key } });
}

const hostLine = ({ username, address, port }: Config["hosts"][number]): string =>
  `${username}@${address}${port === 22 ? "" : `:${port}`}`;

function invalid(what: string, why: string): DeployError {
  return new DeployError("input-invalid", `${what}: ${why}`, { hint: "Correct it, then run it again." });
}

/** False: there is one already, and it stays as it is. */
async function ensureFile(folder: string, file: StarterFile): Promise<boolean> {
  const path = join(folder, file.path);
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, file.text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
