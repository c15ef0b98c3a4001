import {
  DeployErrors,
  type Milliseconds,
  makeProblem,
  type Problem,
  parseDuration,
  Secret,
  suggest,
} from "@deploy/core";
import { notHandedOver } from "./declare.ts";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads `INPUT_*` and nothing else. A wrong value is noted and a harmless one given back: all are shown together
 * when reading ends.
 */
export interface InputReader {
  /** Trimmed; undefined where empty. */
  string(name: string): string | undefined;
  required(name: string): string;
  /** An output of an earlier step or job, or undefined where none was given; `hand-over-empty` where it arrived empty. */
  handedOver(name: string): string | undefined;
  /** `true` or `false`; `fallback` where empty. */
  flag(name: string, fallback: boolean): boolean;
  /** One of `options`; the first where empty. */
  choice<const Option extends string>(name: string, options: readonly [Option, ...Option[]]): Option;
  /** A whole number from 1 to `most`; `fallback` where empty. */
  whole(name: string, most: number, fallback: number): number;
  /** Non-blank lines, trimmed. */
  lines(name: string): readonly string[];
  /** With its unit: `30s`, `10m`. */
  duration(name: string): Milliseconds | undefined;
  /** As given, masked in the log in every usual form. */
  secret(name: string): Secret | undefined;
}

/** Reads inputs into a value. Throws DeployErrors: `input-unknown`, `input-missing`, `input-invalid`, `hand-over-empty`. */
export function readInputs<Inputs>(
  env: Env,
  names: readonly string[],
  mask: (secret: string) => void,
  read: (reader: InputReader) => Inputs,
): Inputs {
  const problems: Problem[] = [...unknownInputs(env, names)];
  const inputs = read(makeReader(env, mask, problems));
  if (problems.length > 0) throw new DeployErrors(problems);
  return inputs;
}

function makeReader(env: Env, mask: (secret: string) => void, problems: Problem[]): InputReader {
  const raw = (name: string) => env[variable(name)] ?? "";
  const string = (name: string) => raw(name).trim() || undefined;
  const note = (
    code: "input-missing" | "input-invalid" | "hand-over-empty",
    name: string,
    message: string,
  ) => {
    problems.push(makeProblem(code, message, { place: { path: `input ${name}` } }));
  };
  return {
    string,
    required(name) {
      const value = string(name);
      if (value === undefined) note("input-missing", name, `The input ${name} is required and empty`);
      return value ?? "";
    },
    handedOver(name) {
      const value = string(name);
      const given = env[variable(name)] !== undefined && value !== notHandedOver;
      if (given && value === undefined) note("hand-over-empty", name, `The input ${name} arrived empty`);
      return given ? value : undefined;
    },
    flag(name, fallback) {
      const value = string(name) ?? String(fallback);
      if (value !== "true" && value !== "false") {
        note("input-invalid", name, `Expected true or false, got ${JSON.stringify(value)}`);
      }
      return value === "true";
    },
    choice(name, options) {
      const value = string(name);
      const found = options.find((option) => option === value);
      if (value !== undefined && found === undefined) {
        note("input-invalid", name, `Expected ${options.join(" or ")}, got ${JSON.stringify(value)}`);
      }
      return found ?? options[0];
    },
    whole(name, most, fallback) {
      const value = string(name) ?? String(fallback);
      if (/^[1-9][0-9]{0,8}$/.test(value) && Number(value) <= most) return Number(value);
      note("input-invalid", name, `Expected a number from 1 to ${most}, got ${JSON.stringify(value)}`);
      return fallback;
    },
    lines: (name) =>
      raw(name)
        .split(/\r\n|\n|\r/)
        .map((line) => line.trim())
        .filter((line) => line !== ""),
    duration(name) {
      const value = string(name);
      if (value === undefined) return undefined;
      try {
        return parseDuration(value);
      } catch (error) {
        note("input-invalid", name, (error as Error).message);
        return undefined;
      }
    },
    secret(name) {
      mask(raw(name));
      return string(name) === undefined ? undefined : new Secret(raw(name));
    },
  };
}

/** The runner only warns about these; a typo would silently mean the default. */
function unknownInputs(env: Env, names: readonly string[]): readonly Problem[] {
  const known = new Set(names.map(variable));
  return Object.keys(env)
    .filter((key) => key.startsWith("INPUT_") && !known.has(key))
    .map((key) => {
      const name = key.slice("INPUT_".length).toLowerCase();
      const like = suggest(name, names);
      const hint = like === undefined ? `The inputs are: ${names.join(", ")}.` : `Did you mean "${like}"?`;
      return makeProblem("input-unknown", `There is no input "${name}"`, { hint });
    });
}

/** As the runner writes it: spaces become `_`, letters upper case, hyphens stay. */
function variable(name: string): string {
  return `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`;
}
