import { DeployErrors, type Problem } from "../errors.ts";
import { checkApart } from "./apart.ts";
import type { Path } from "./file/document.ts";
import { pickEnvironment } from "./file/environment.ts";
import { readIssues } from "./file/issues.ts";
import { type ConfigFile, layEnvironment, placeIn, readFile } from "./file/layers.ts";
import { type Override, readOverrides } from "./file/overrides.ts";
import { valueAt } from "./file/path.ts";
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
  const names = listEnvironments(file.document.data);
  const asked = options.environment ?? options.overrides?.environment;
  const picked = pickEnvironment(asked, names);
  if ("code" in picked) problems.push(problem(picked, placeOfPick(file, asked)));
  const isPicked = (name: string) => !("code" in picked) && name === picked.name;
  const laid = names.map((name) => {
    const layers = layEnvironment(file, name, isPicked(name) ? overrides : []);
    return { name, layers, read: readLayers(layers, false) };
  });
  problems.push(
    ...laid.flatMap(({ name, read }) => (isPicked(name) ? [] : read.problems)),
    ...checkApart(laid),
  );
  if ("code" in picked) throw new DeployErrors(arrange(problems));
  const key = names.includes(picked.name) ? picked.name : undefined;
  return finish(file, key, picked.name, overrides, problems);
}

/**
 * A Config from inputs alone: the app is the last part of `deploy-to`, the environment `production`, unless said.
 * Throws DeployErrors with every problem.
 */
export function configFromInputs(overrides: ConfigOverrides): Config {
  const picked = pickEnvironment(overrides.environment, []);
  const app = overrides.app?.trim() || overrides.deployTo?.trim().replace(/\/+$/, "").split("/").at(-1);
  const problems = "code" in picked ? [problem(picked, { path: "input environment" })] : [];
  const name = "code" in picked ? "" : picked.name;
  return finish(undefined, undefined, name, readOverrides({ ...overrides, app }, configInputs), problems);
}

function finish(
  file: ConfigFile | undefined,
  key: string | undefined,
  name: string,
  overrides: readonly Override[],
  before: readonly Problem[],
): Config {
  const read = readLayers(layEnvironment(file, key, overrides), true);
  const problems = arrange([...before, ...read.problems]);
  if (problems.length > 0) throw new DeployErrors(problems);
  return resolve(read, name);
}

/** The Config of read values without problems, frozen all through. */
function resolve({ values, hosts }: LayersRead, environment: string): Config {
  const parts = allSections.map((section) => section.resolve(values, hosts));
  return deepFreeze(Object.assign({ environment }, ...parts) as Config);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}

function checkFile(file: ConfigFile): Problem[] {
  const read = fileSchema.safeParse(file.document.data);
  if (read.success) return [];
  const findings = readIssues(read.error.issues, file.document.data);
  return findings.map((finding) => problem(finding, placeIn(file, finding.path, finding.at)));
}

function listEnvironments(data: unknown): readonly string[] {
  const environments = valueAt(data, ["environments"]);
  return isMapping(environments) ? Object.keys(environments) : [];
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
