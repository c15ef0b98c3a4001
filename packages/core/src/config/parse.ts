import { DeployErrors, type Problem } from "../errors.ts";
import { checkApart } from "./apart.ts";
import type { Path } from "./file/document.ts";
import { instancesOf, isMany, nameIn, type Picked, pickEnvironment } from "./file/environment.ts";
import { readIssues } from "./file/issues.ts";
import { type ConfigFile, environmentKeys, layEnvironment, placeIn, readFile } from "./file/layers.ts";
import { type Override, readOverrides } from "./file/overrides.ts";
import { problem } from "./file/problem.ts";
import { type LayersRead, readLayers } from "./readLayers.ts";
import { file as fileSchema } from "./schema.ts";
import { allSections, type Config, type ConfigOverrides, configInputs } from "./sections.ts";

export interface ParseOptions {
  /** The file's name, as problems show it. */
  readonly file: string;
  readonly environment?: string | undefined;
  readonly overrides?: ConfigOverrides | undefined;
}

/**
 * Reads `.github/deploy.yml` and lays the overrides over it: one environment, validated, complete and frozen.
 * Throws DeployErrors with every problem of the file and the overrides.
 */
export function parseConfig(text: string, options: ParseOptions): Config {
  const file = readFile(text, options.file);
  const overrides = readOverrides(options.overrides ?? {}, configInputs);
  const problems = checkFile(file);
  if (!isMapping(file.document.data)) throw new DeployErrors(problems);
  const keys = environmentKeys(file);
  const asked = options.environment ?? options.overrides?.environment;
  const picked = pickEnvironment(asked, keys);
  if ("code" in picked) problems.push(problem(picked, placeOfPick(file, asked)));
  const isPicked = (key: string) => !("code" in picked) && key === picked.key;
  const instances = keys.flatMap((key) => instancesOf(key).map((name) => ({ key, name })));
  const laid = instances.map(({ key, name }) => {
    const layers = layEnvironment(file, { key, name }, isPicked(key) ? overrides : []);
    return { name, key, layers, read: readLayers(layers, false) };
  });
  const judged = laid.filter(({ key, name }) => !isPicked(key) && name === instancesOf(key)[0]);
  problems.push(...judged.flatMap(({ read }) => read.problems), ...checkApart(laid));
  if ("code" in picked) throw new DeployErrors(arrange(problems));
  return finish(file, picked, overrides, problems);
}

/**
 * A Config from inputs alone: the app is the last part of `deploy-to`, the environment `production`, unless said.
 * Throws DeployErrors with every problem.
 */
export function configFromInputs(overrides: ConfigOverrides): Config {
  const picked = pickEnvironment(overrides.environment, []);
  const app = overrides.app?.trim() || overrides.deployTo?.trim().replace(/\/+$/, "").split("/").at(-1);
  const problems = "code" in picked ? [problem(picked, { path: "input environment" })] : [];
  const of = "code" in picked ? { name: "", key: undefined } : picked;
  return finish(undefined, of, readOverrides({ ...overrides, app }, configInputs), problems);
}

function finish(
  file: ConfigFile | undefined,
  picked: Picked,
  overrides: readonly Override[],
  before: readonly Problem[],
): Config {
  const read = readLayers(layEnvironment(file, picked, overrides), true);
  const problems = arrange([...before, ...read.problems]);
  if (problems.length > 0) throw new DeployErrors(problems);
  return resolve(read, picked);
}

/** The Config of read values without problems, frozen all through. */
function resolve({ values, hosts }: LayersRead, { name: environment, key }: Picked): Config {
  const many = key !== undefined && isMany(key) ? { many: true } : {};
  const parts = allSections.map((section) => section.resolve(values, hosts));
  return deepFreeze(Object.assign({ environment, ...many }, ...parts) as Config);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}

function checkFile(file: ConfigFile): Problem[] {
  const data = named(file.document.data);
  const read = fileSchema.safeParse(data);
  if (read.success) return [];
  const findings = readIssues(read.error.issues, data);
  return findings.map((finding) => problem(finding, placeIn(file, finding.path, finding.at)));
}

/** A file's data, in which each environment that stands for many is one of them. */
function named(data: unknown): unknown {
  if (!isMapping(data) || !("environments" in data) || !isMapping(data.environments)) return data;
  const entries = Object.entries(data.environments).map(([key, value]) => {
    return [key, isMany(key) ? nameIn(value, instancesOf(key)[0] ?? "") : value];
  });
  return { ...data, environments: Object.fromEntries(entries) };
}

function isMapping(data: unknown): data is object {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

function placeOfPick(file: ConfigFile, asked: string | undefined) {
  const path: Path = ["environments"];
  return asked ? { path: "input environment" } : placeIn(file, path, "key");
}

/** Each problem once, in the order of the file; problems of inputs come last. */
function arrange(problems: readonly Problem[]): readonly Problem[] {
  const unique = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  const rank = ({ place }: Problem) =>
    place.file === undefined ? Number.MAX_SAFE_INTEGER : (place.line ?? 0);
  return [...unique.values()].sort((a, b) => {
    return rank(a) - rank(b) || (a.place.column ?? 0) - (b.place.column ?? 0);
  });
}
