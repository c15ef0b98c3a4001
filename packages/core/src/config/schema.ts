import { z } from "zod";
import { addressPhrase, readAddress, readUser, userPhrase } from "./address.ts";
import { assets } from "./assetsSchema.ts";
import { backup } from "./backupSchema.ts";
import { durationPhrase, readDuration } from "./duration.ts";
import { command, flag, line, list, mapping, text, webAddress, whole } from "./leaves.ts";
import { isName, namePattern, namePhrase } from "./name.ts";
import * as paths from "./paths.ts";
import { says } from "./says.ts";
import { upload } from "./uploadSchema.ts";

export { assets, backup };

export const strategyPhrase = '"all"';
export const cancelPhrase = "keep or terminate";

const name = () =>
  text(namePhrase, (value) => (isName(value) ? value : undefined)).meta({ pattern: namePattern });
const duration = () => text(durationPhrase, readDuration).meta({ pattern: "^[0-9]+(ms|s|m|h)$" });
const roles = () => list(name(), "roles");
const user = () => text(userPhrase, readUser);
const sharedFile = () => text(paths.sharedPhrase, paths.readSharedFile);
const envFile = () => {
  return sharedFile()
    .optional()
    .meta(says("File of `NAME=value` lines below `shared/`, loaded into the command's environment."));
};

const hostCommand = mapping({
  run: command().meta(says("The command, run by `sh -c`.")),
  roles: roles().optional().meta(says("Only hosts with one of these roles. Without: every host.")),
  "env-file": envFile(),
}).meta({ title: "command", ...says("A command on the hosts, when it needs more than its text.") });

const hostCommands = list(
  z.union([command(), hostCommand], { error: "a command, or a mapping with run, roles, env-file" }),
  "commands",
);

const shared = mapping({
  directories: list(text(paths.sharedPhrase, paths.readShared), "paths")
    .optional()
    .meta(says("Folders, made when missing.", [])),
  files: list(sharedFile(), "paths").optional().meta(says("Files, put there by you.", [])),
}).meta({ title: "shared" });

const migrateKeys = "run, env-file, on-cancel, grace, silence, diagnose, timeout, silence-timeout";

const migrate = mapping({
  run: command().meta(says("The command, run once, on the leader; it outlives the connection.")),
  "env-file": envFile(),
  "on-cancel": z
    .enum(["keep", "terminate"], { error: cancelPhrase })
    .optional()
    .meta(
      says("A cancelled run leaves it running, and its lock held, or ends it and all it started.", "keep"),
    ),
  grace: duration().optional().meta(says("With `terminate`: the time between TERM and KILL.", "10s")),
  silence: duration().optional().meta(says("How long without output until that is reported.", "5m")),
  diagnose: command()
    .optional()
    .meta(says("Asked on the leader when the migration is silent; what it prints (who blocks it) is shown.")),
  timeout: duration()
    .optional()
    .meta(says("How long the run waits for it; then as `on-cancel` says. Without: as long as it takes.")),
  "silence-timeout": duration()
    .optional()
    .meta(says("The same, counted from its last output. Without: as long as it takes.")),
}).meta({ title: "migrate", ...says("The migration, when it needs more than its text.") });

const health = mapping({
  url: webAddress().meta(says("Asked on each host itself: `127.0.0.1` is that host.")),
  status: whole(100, 599).optional().meta(says("The HTTP status of a healthy answer.", 200)),
  "expect-release": flag()
    .optional()
    .meta(says("The release id must be in the `X-Release` header or in the body.", true)),
  within: duration().optional().meta(says("How long a host may take to become healthy.", "30s")),
  interval: duration().optional().meta(says("The pause between two questions.", "1s")),
  passes: whole(1, 100).optional().meta(says("Healthy answers in a row that prove health.", 1)),
  roles: roles().optional().meta(says("Only hosts with one of these roles. Without: every host.")),
}).meta({ title: "health" });

const activate = mapping({
  strategy: z
    .literal("all", { error: strategyPhrase })
    .optional()
    .meta(says("All hosts switch together.", "all")),
  reload: hostCommands.optional().meta(says("Commands that make the app serve the new release.", [])),
  health: health.optional().meta(says("The proof that a host serves the new release.")),
}).meta({ title: "activate" });

/** Keys that stand at the top, and may be replaced in each environment. */
export const settings = {
  app: name()
    .optional()
    .meta(says("The app's name: one lock, one folder. Without a file: the last part of `deploy-to`.")),
  source: text(paths.sourcePhrase, paths.readSource)
    .optional()
    .meta(says("The folder that is packed, relative to the repository.", ".")),
  exclude: list(line("a pattern in one line"), "patterns")
    .optional()
    .meta(says("What is left out, as in a `.gitignore` file.", [])),
  build: list(command(), "commands")
    .optional()
    .meta(says("Commands that make `source`, run before packing.", [])),
  "deploy-to": text(paths.deployToPhrase, paths.readDeployTo)
    .optional()
    .meta(
      says("The app's folder on every host: an absolute path, or `~/…` below the user's home. Required."),
    ),
  shared: shared.optional().meta(says("What outlives releases; linked into each, never overwritten.")),
  "keep-releases": whole(1, 1000).optional().meta(says("How many releases stay on each host.", 5)),
  "keep-for": duration()
    .optional()
    .meta(says("And each release that was live within this time, for requests that still use it.")),
  username: user().optional().meta(says("The login for hosts that name none.")),
  upload: upload.optional().meta(says("How a release comes to the hosts.")),
  prepare: hostCommands
    .optional()
    .meta(says("Commands in the new release's folder, on every host, before any host switches.", [])),
  backup: backup.optional().meta(says("The backup made and verified before the migration.")),
  migrate: z
    .union([command(), migrate], { error: `a command, or a mapping with ${migrateKeys}` })
    .optional()
    .meta(says("The migration, run once, on the leader.")),
  assets: assets.optional().meta(says("What `build-assets` makes and publishes.")),
  activate: activate.optional().meta(says("How the fleet switches, and what proves that it works.")),
};

export const hostMapping = mapping({
  address: text(addressPhrase, readAddress).meta(says("Host name or IP address.")),
  port: whole(1, 65_535).optional().meta(says("The SSH port.", 22)),
  username: user().optional().meta(says("The login. Without: `username`.")),
  roles: roles().optional().meta(says("Labels that commands can ask for. Without: every role.")),
}).meta({ title: "host", ...says("A host, when a line is too short for it.") });

/** Keys that only an environment has. */
export const own = {
  url: webAddress().optional().meta(says("Where people see this environment.")),
  hosts: list(
    z.union([z.string({ error: "a host line" }), hostMapping], {
      error: "a host line, or a mapping with address",
    }),
    "hosts",
  )
    .optional()
    .meta(says("The servers: `[user@]name[:port] [roles=web,worker]` lines or mappings. Required.")),
  leader: line("the name of a host")
    .optional()
    .meta(says("The host where the lock lives and where backup and migrate run. Without: the first host.")),
};

export const environment = { ...settings, ...own };
export const environmentMapping = mapping(environment).meta({ title: "environment" });

export const file = mapping({
  ...settings,
  environments: z
    .record(name(), environmentMapping, { error: "a mapping of environments" })
    .optional()
    .meta(says("The fleets by name. Each may replace any key above, as a whole, beside its own.")),
}).meta({ title: "deploy.yml", ...says("What is deployed, and where. Kept in `.github/deploy.yml`.") });

export type Settings = { -readonly [Key in keyof typeof environment]?: z.output<(typeof environment)[Key]> };
