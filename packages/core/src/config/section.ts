import type { z } from "zod";
import { DeployErrors } from "../errors.ts";
import { readYaml } from "./document.ts";
import { readIssues } from "./issues.ts";
import { type ConfigFile, layEnvironment } from "./layers.ts";
import { readOverrides, type Targets } from "./overrides.ts";
import { problem } from "./problem.ts";

export interface SectionOptions<Overrides> {
  /** The file's name, as problems show it. */
  readonly file: string;
  /** Without: the file's own keys, whatever its environments say. */
  readonly environment?: string | undefined;
  readonly overrides?: Overrides | undefined;
}

interface Section<Overrides, Raw, Value> {
  readonly key: string;
  readonly schema: z.ZodType<Raw>;
  readonly targets: Targets<keyof Overrides & string>;
  readonly resolve: (raw: Raw) => Value;
}

/**
 * One key of a config file with inputs laid over it; no file is needed, nor hosts. Undefined where neither says
 * anything. Throws DeployErrors with every problem.
 */
export function parseSection<
  Overrides extends { readonly [key in keyof Overrides]?: string | undefined },
  Raw,
  Value,
>(
  text: string | undefined,
  options: SectionOptions<Overrides>,
  { key, schema, targets, resolve }: Section<Overrides, Raw, Value>,
): Value | undefined {
  const overrides = readOverrides<keyof Overrides & string>(options.overrides ?? ({} as Overrides), targets);
  const layers = layEnvironment(readFile(text, options.file), options.environment, overrides);
  const given = layers.tree[key];
  if (given === undefined || given === null) return undefined;
  const read = schema.safeParse(given);
  if (read.success) return resolve(read.data);
  const findings = readIssues(read.error.issues, given, [key]);
  throw new DeployErrors(findings.map((finding) => problem(finding, layers.place(finding.path, finding.at))));
}

function readFile(text: string | undefined, name: string): ConfigFile | undefined {
  if (text === undefined) return undefined;
  const document = readYaml(text);
  const syntax = document.problems.map(({ message, ...position }) =>
    problem({ code: "config-syntax", message }, { file: name, ...position }),
  );
  if (syntax.length > 0) throw new DeployErrors(syntax);
  return { name, document };
}
