import * as z from "zod";

// A config is judged once: to compile a judge for each mapping costs more than it saves.
z.config({ jitless: true });

/** `keep-for` is `keepFor` in code. */
export function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

/** One type instead of the parts it was made of. */
export type Flat<T> = { [Key in keyof T]: T[Key] } & {};

/** As code reads a mapping: names in camelCase, nothing that is undefined, nothing that can be written to. */
export type Named<T> = T extends unknown
  ? Flat<
      {
        readonly [Key in keyof T as undefined extends T[Key] ? never : CamelCase<Key & string>]: Still<
          T[Key]
        >;
      } & {
        readonly [Key in keyof T as undefined extends T[Key] ? CamelCase<Key & string> : never]?: Still<
          Exclude<T[Key], undefined>
        >;
      }
    >
  : never;
type Still<T> = T extends readonly (infer Entry)[] ? readonly Entry[] : T;

export function named<T extends object>(given: T): Named<T> {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [camelCase(key), value])) as Named<T>;
}

/**
 * A mapping with exactly these keys, which code reads in camelCase. The message for an unknown key is the list of
 * known ones, see file/issues.ts.
 */
export function mapping<Shape extends z.ZodRawShape>(shape: Shape) {
  const keys = Object.keys(shape);
  return z
    .strictObject(shape, {
      error: (issue) =>
        issue.code === "unrecognized_keys" ? keys.join(" ") : `a mapping with ${keys.join(", ")}`,
    })
    .transform((given) => named(given));
}
