import { DeployErrors } from "../errors.ts";
import { keyFor } from "./file/environment.ts";
import { environmentKeys, layEnvironment, readFile } from "./file/layers.ts";
import { readOverrides } from "./file/overrides.ts";
import { problem } from "./file/problem.ts";
import { readValues } from "./readLayers.ts";
import type { Section } from "./section.ts";
import { type AssetsOverrides, type BackupOverrides, sections } from "./sections.ts";
import type { Assets, Backup } from "./types.ts";

export interface SectionOptions<Overrides> {
  /** The file's name, as problems show it. */
  readonly file: string;
  /** Without: the file's own keys, whatever its environments say. */
  readonly environment?: string | undefined;
  readonly overrides?: Overrides | undefined;
}

export type AssetsOptions = SectionOptions<AssetsOverrides>;

/**
 * The `assets:` of a config file with inputs laid over it; no file is needed, nor hosts. Undefined where neither says
 * anything. Throws DeployErrors with every problem.
 */
export function parseAssets(text: string | undefined, options: AssetsOptions): Assets | undefined {
  return parseAlone(text, options, sections.assets).assets;
}

/** The same for `backup:`. */
export function parseBackup(
  text: string | undefined,
  options: SectionOptions<BackupOverrides>,
): Backup | undefined {
  return parseAlone(text, options, sections.backup).backup;
}

/** An app, and which environment of it where that is told. */
export interface TenantName {
  readonly app: string;
  readonly environment?: string;
}

/** Whose the parts are that are read alone. Undefined: there is no file, or it names no app. */
export function parseTenant(
  text: string | undefined,
  { file, environment }: Omit<SectionOptions<never>, "overrides">,
): TenantName | undefined {
  const { app } = text === undefined ? {} : parseAlone(text, { file, environment }, sections.app);
  return app === undefined ? undefined : { app, ...(environment === undefined ? {} : { environment }) };
}

function parseAlone<Part extends object>(
  text: string | undefined,
  options: SectionOptions<Readonly<Record<string, string | undefined>>>,
  section: Section<Part>,
): Part {
  const overrides = readOverrides(options.overrides ?? {}, section.inputs);
  const file = text === undefined ? undefined : readFile(text, options.file);
  const { environment: name = "" } = options;
  const key = file === undefined ? undefined : keyFor(name, environmentKeys(file));
  const { tree: given, place, isInput } = layEnvironment(file, { name, key }, overrides);
  // A key without a value says nothing here.
  const tree = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const { values, findings } = readValues(tree, section.keys);
  const judged = { values, tree, hosts: undefined, complete: true, isInput };
  const all = [...findings, ...section.check(judged)];
  if (all.length > 0) {
    throw new DeployErrors(all.map((finding) => problem(finding, place(finding.path, finding.at))));
  }
  return section.resolve(values, []);
}
