import { activate } from "./activate/activate.ts";
import { app } from "./app/app.ts";
import { deployTo } from "./app/deployTo.ts";
import { url } from "./app/url.ts";
import { assets } from "./assets/assets.ts";
import { backup } from "./backup/backup.ts";
import { configure } from "./configure/configure.ts";
import { console } from "./daily/console.ts";
import { logs } from "./daily/logs.ts";
import { remove } from "./daily/remove.ts";
import { hosts } from "./hosts/hosts.ts";
import { migrate } from "./migrate/migrate.ts";
import { packages } from "./package/package.ts";
import { playbook } from "./playbook/playbook.ts";
import { records } from "./records/records.ts";
import { prepare } from "./release/prepare.ts";
import { retention } from "./release/retention.ts";
import { shared } from "./release/shared.ts";
import { writes } from "./release/writes.ts";
import type { Inputs, Section } from "./section.ts";
import { build } from "./source/build.ts";
import { source } from "./source/source.ts";
import { status } from "./status/status.ts";
import { upload } from "./upload/upload.ts";
import type { CamelCase } from "./values/mapping.ts";

/** Everything there is to configure, in the order of the documentation. */
export const sections = {
  app,
  url,
  source,
  build,
  deployTo,
  shared,
  writes,
  retention,
  hosts,
  upload,
  prepare,
  playbook,
  backup,
  migrate,
  assets,
  configure,
  activate,
  console,
  logs,
  remove,
  records,
  status,
  packages,
};

export type SectionName = keyof typeof sections;

/** Sections whose inputs belong to actions of their own: they are laid over one section, not over a whole config. */
export const aloneSections = ["assets", "backup"] as const satisfies readonly SectionName[];
type AloneName = (typeof aloneSections)[number];

/** What names a fleet. */
export const fleetSections = ["app", "hosts", "deployTo"] as const satisfies readonly SectionName[];

/** Everything that enters a plan: also of those that plan anew, to compare with what was approved or begun. */
export const planSections = [
  ...fleetSections,
  "url",
  "source",
  "shared",
  "retention",
  "upload",
  "prepare",
  "migrate",
  "configure",
  "activate",
] as const satisfies readonly SectionName[];

export const allSections: readonly Section[] = Object.values(sections);

/** The inputs of these sections by name, in their order. */
export function inputsOf(names: readonly SectionName[]): Inputs {
  return Object.assign({}, ...names.map((name) => sections[name].inputs));
}

const names = Object.keys(sections) as SectionName[];

/** Every input that is laid over a whole config. */
export const configInputs: Inputs = inputsOf(
  names.filter((name) => !aloneSections.some((alone) => alone === name)),
);

type InputsIn<Of> = Of extends Section<object, infer Named> ? keyof Named & string : never;
type Texts<Name extends string> = { readonly [Key in Name as CamelCase<Key>]?: string | undefined };

/** What inputs or flags say, as typed; an empty text says nothing. Lists hold one entry per line. */
export type ConfigOverrides = Texts<
  "environment" | InputsIn<(typeof sections)[Exclude<SectionName, AloneName>]>
>;
/** The same for `assets:`; the names are the inputs of the build-assets action. */
export type AssetsOverrides = Texts<InputsIn<typeof assets>>;
/** The same for `backup:`; the names are the inputs of the backup action. */
export type BackupOverrides = Texts<InputsIn<typeof backup>>;

type Joined<Union> = (Union extends unknown ? (part: Union) => void : never) extends (part: infer All) => void
  ? All
  : never;
type PartOf<Of> = Of extends Section<infer Part> ? Part : never;

/** One environment, validated and frozen. No I/O happens after this. */
export interface Config extends Readonly<Joined<PartOf<(typeof sections)[SectionName]>>> {
  readonly environment: string;
  /** It is one of those that a key with `*` stands for. */
  readonly many?: boolean;
}
