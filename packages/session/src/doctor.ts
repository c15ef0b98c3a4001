import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { lookAtSource } from "@deploy/backup";
import {
  type Config,
  environmentKeysIn,
  environmentNames,
  type Facts,
  parseConfig,
  problemOf,
  type Remark,
} from "@deploy/core";
import {
  callsIn,
  driftRemarks,
  environmentRemarks,
  type GitHubSeen,
  gitHubRemarks,
  healthPort,
  hostRemarks,
  outsideRemarks,
  versionFiles,
  wantedVersions,
  workflowRemarks,
} from "@deploy/core/doctor";
import { type Fleet, leaderOf } from "@deploy/engine";
import { readConfigText } from "./config.ts";
import { examineFleet } from "./examine.ts";
import { lookOutside } from "./outside.ts";
import type { SessionOptions } from "./types.ts";

interface Examined {
  readonly config: Config;
  readonly facts: readonly Facts[];
  /** Absent: nobody could look. */
  readonly github?: GitHubSeen | undefined;
}

/** All that doctor can tell of a fleet and of what visitors meet; reads only. Never throws for what a host or a site did. */
export async function doctorOf(
  fleet: Fleet,
  { config, facts, github }: Examined,
  options: SessionOptions,
  now: Date,
): Promise<readonly Remark[]> {
  const port = healthPort(config);
  const direct = options.connection.jumpHost === undefined && options.connect === undefined;
  const wanted = wantedVersions(await versionsIn(options.root ?? "."));
  const [{ readings, asked }, { seen, hosts }, others, database] = await Promise.all([
    examineFleet(fleet, config, facts, wanted),
    lookOutside(config, { port, direct }),
    otherEnvironments(config, options),
    databaseRemarks(fleet, config, facts, options),
  ]);
  return [
    ...readings.flatMap((reading) => hostRemarks(reading, asked(reading.facts.host))),
    ...driftRemarks(readings, asked),
    ...environmentRemarks(config, others),
    ...database,
    ...(await hostedRemarks(config, github, options)),
    ...outsideRemarks(seen, hosts, { now, port }),
  ];
}

/** The files of a checkout that name versions, by name. */
async function versionsIn(root: string): Promise<Readonly<Record<string, string>>> {
  const texts = await Promise.all(
    versionFiles.map((file) => readFile(join(root, file), "utf8").catch(() => undefined)),
  );
  return Object.fromEntries(
    versionFiles.flatMap((file, index) => (texts[index] === undefined ? [] : [[file, texts[index]]])),
  );
}

/** What GitHub is told by the checkout's workflows, and says of the repository. */
async function hostedRemarks(
  { environment }: Config,
  github: GitHubSeen | undefined,
  options: SessionOptions,
): Promise<readonly Remark[]> {
  const text = options.configText ?? (await readConfigText(options)) ?? "";
  const calls = callsIn(await workflowsIn(join(options.root ?? ".", ".github/workflows")));
  const known = [...new Set([...environmentKeysIn(text, options.configFile), environment])];
  return [...workflowRemarks(calls, { environment, known }), ...gitHubRemarks(github, calls, environment)];
}

/** By name; none where there is no such folder. */
async function workflowsIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.ya?ml$/.test(name)).sort();
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), "utf8").catch(() => "")]);
  return Object.fromEntries(await Promise.all(texts));
}

/** Those of the same file, one by one; the file was judged as a whole when this one was read. */
async function otherEnvironments(config: Config, options: SessionOptions) {
  const { configFile: file } = options;
  const text = options.configText ?? (await readConfigText(options));
  if (text === undefined || config.many === true) return [];
  return environmentNames(text, file)
    .filter((name) => name !== config.environment)
    .map((environment) => {
      try {
        return parseConfig(text, { file, environment });
      } catch (error) {
        return { environment, problem: problemOf(error).message };
      }
    });
}

/** The source of backups, looked at as a backup would: whether it can be dumped, and brought back. */
async function databaseRemarks(
  fleet: Fleet,
  { backup, deployTo: base, leader }: Config,
  facts: readonly Facts[],
  { signal, mask }: SessionOptions,
): Promise<readonly Remark[]> {
  const about = "database";
  if (backup === undefined || backup.from === "runner") return [];
  if ("urlSecret" in backup && backup.urlFrom === undefined)
    return [
      {
        level: "unknown",
        about,
        text: "its URL is not on the server (`url-from`): a dry run of the backup looks at it",
      },
    ];
  if (facts.find(({ host }) => host === leader)?.reached !== true)
    return [{ level: "unknown", about, text: "the leader, which reaches it, was not reached" }];
  try {
    const transport = leaderOf(fleet);
    const site = { backup, transport, base, signal, ...(mask === undefined ? {} : { mask }) };
    const { name, server, tool, warnings } = await lookAtSource(site);
    const warned = warnings.map((text): Remark => {
      return { level: "warn", about, text, fix: "see docs/guides/backups.md" };
    });
    return [{ level: "ok", about, text: `${name} (${server}) can be backed up with ${tool}` }, ...warned];
  } catch (error) {
    const { message, hint } = problemOf(error);
    return [{ level: "stop", about, text: message, fix: hint }];
  }
}
