import type { z } from "zod";
import type { Path } from "./file/document.ts";
import type { Finding } from "./file/finding.ts";
import type { Host } from "./hosts/fleet.ts";
import { type CamelCase, camelCase, type Flat, type Named } from "./values/mapping.ts";

export type Shape = Readonly<Record<string, z.ZodType>>;

/** A setting as an input of actions, and where it has a flag, as one of the command. */
export interface Input {
  /** What its text is read as; `lines` has one entry per line. */
  readonly kind: "text" | "lines" | "number" | "flag";
  /** Where its value goes in the settings. */
  readonly path: readonly string[];
  /** As action.yml says it. */
  readonly description: string;
  readonly flag?: Flag;
}

export interface Flag {
  /** What the command's help shows for the value: `<method>`. */
  readonly value: string;
  readonly description: string;
}

export type Inputs = Readonly<Record<string, Input>>;

/** Settings that are read, judged and documented together: all there is to say of them stands in one folder. */
export interface Section<Part extends object = object, Given extends Inputs = Inputs> {
  /** Keys of the file, which each environment may replace. */
  readonly keys: Shape;
  /** Keys that only an environment has. */
  readonly own: Shape;
  /** Keys without which nothing is deployed, with what they are. */
  readonly needs: Readonly<Record<string, string>>;
  /** By name. An action that reads this section accepts them. */
  readonly inputs: Given;
  /** The key of its mapping that a plain text in its place means. */
  readonly word?: string;
  /** Keys of its mapping that people put at the top of the file. */
  readonly inner: readonly string[];
  readonly phrases: Phrases;
  /** What is wrong with values that are right each on its own. */
  check(judged: Judged): readonly Finding[];
  /** What only one environment may have. */
  grounds(values: object, hosts: readonly Host[]): readonly Ground[];
  /** Its part of the Config. */
  resolve(values: object, hosts: readonly Host[]): Part;
}

/** Where an environment puts and removes things: two with one would replace each other's. */
export interface Ground {
  /** As the end of `expected … for each environment`. */
  readonly what: string;
  /** Equal texts are one place. */
  readonly place: string;
  readonly path: Path;
}

/** By what was expected: words that a wrong one is compared with, and values that are not built yet. */
export type Phrases = Readonly<
  Record<string, { readonly near?: readonly string[]; readonly planned?: readonly string[] }>
>;

/** What a check knows. */
export interface Judged<Values = object> {
  /** Of its own section, those that are right. */
  readonly values: Partial<Values>;
  /** Every key as it was written. */
  readonly tree: Readonly<Record<string, unknown>>;
  /** Undefined where a host is wrong or none is there: what depends on the whole fleet is not judged then. */
  readonly hosts: readonly Host[] | undefined;
  /** Everything a deploy needs is asked for, not only what is there. */
  readonly complete: boolean;
  /** Whether an input says it, not the file. */
  isInput(path: Path): boolean;
}

type Values<Keys extends Shape> = Named<{ [Key in keyof Keys]: z.output<Keys[Key]> }>;

/** Values whose needed keys are there. */
type Whole<Keys extends Shape, Needed extends string> = Flat<
  Values<Keys> & {
    readonly [Key in keyof Keys & Needed as CamelCase<Key & string>]: NonNullable<z.output<Keys[Key]>>;
  }
>;

interface Parts<Keys extends Shape, Own extends Shape, Needed extends string, Part, Given extends Inputs> {
  readonly keys?: Keys;
  readonly own?: Own;
  readonly needs?: Readonly<Record<Needed, string>>;
  readonly inputs?: Given;
  readonly word?: string;
  readonly inner?: readonly string[];
  readonly phrases?: Phrases;
  readonly check?: (judged: Judged<Values<Keys & Own>>) => readonly Finding[];
  readonly grounds?: (values: Partial<Values<Keys & Own>>, hosts: readonly Host[]) => readonly Ground[];
  /** Without: the values themselves. */
  readonly resolve?: (values: Whole<Keys & Own, Needed>, hosts: readonly Host[]) => Part;
}

type None = Record<never, never>;

/** Fills in what a section leaves out. */
export function section<
  Keys extends Shape = None,
  Own extends Shape = None,
  Needed extends string = never,
  Part extends object = Whole<Keys & Own, Needed>,
  Given extends Inputs = None,
>(parts: Parts<Keys, Own, Needed, Part, Given>): Section<Part, Given> {
  return {
    keys: {},
    own: {},
    needs: {},
    inputs: {} as Given,
    inner: [],
    phrases: {},
    check: () => [],
    grounds: () => [],
    resolve: (values) => pick(values, { ...parts.keys, ...parts.own }) as Part,
    ...(parts as object),
  };
}

/** Of all values those of these keys, as far as they are there. */
function pick(values: object, keys: Shape): object {
  const mine = new Set(Object.keys(keys).map(camelCase));
  return Object.fromEntries(
    Object.entries(values).filter(([key, value]) => mine.has(key) && value !== undefined),
  );
}

/** `path` as people write it: `activate.health.url`. */
export function input(kind: Input["kind"], path: string, description: string, flag?: Flag): Input {
  return { kind, path: path.split("."), description, ...(flag === undefined ? {} : { flag }) };
}
