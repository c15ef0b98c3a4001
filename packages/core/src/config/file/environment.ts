import type { Wrong } from "../hosts/line.ts";
import { isName, namePhrase } from "../values/name.ts";
import { didYouMean } from "../values/suggest.ts";
import { show } from "../values/text.ts";

/** An environment, and the key of the file that says what it is; undefined: nothing of the file does. */
export interface Picked {
  readonly name: string;
  readonly key: string | undefined;
}

/** The environment that is meant: the one asked for, the only one there is, or `production` where none is. */
export function pickEnvironment(asked: string | undefined, keys: readonly string[]): Picked | Wrong {
  const wanted = asked?.trim() ?? "";
  const wrong = (message: string): Wrong => ({ code: "config-environment", message });
  const list = keys.join(", ");
  if (wanted === "") {
    const [only, second] = keys;
    if (only === undefined) return { name: "production", key: undefined };
    if (second !== undefined || isMany(only))
      return wrong(`expected an environment to be named (one of ${list}), got nothing`);
    return { name: only, key: only };
  }
  const key = keyFor(wanted, keys);
  if (key !== undefined && isMany(wanted))
    return wrong(`expected a name in the place of ${wanted}, such as ${instancesOf(wanted)[0]}`);
  if (key !== undefined || keys.length === 0) {
    return isName(wanted) ? { name: wanted, key } : wrong(`expected ${namePhrase}, got ${show(wanted)}`);
  }
  const hint = didYouMean(wanted, keys);
  return {
    ...wrong(`expected one of ${list}, got ${show(wanted)}`),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Whether a key stands for many environments. */
export function isMany(key: string): boolean {
  return key.endsWith("*");
}

/** Names that a key stands for, to judge it by: one of its own, or two, which must keep apart. */
export function instancesOf(key: string): readonly string[] {
  return isMany(key) ? [1, 2].map((number) => key.replace("*", String(number))) : [key];
}

/** The key that says what an environment is: its own, else that for many which has most of the name. */
export function keyFor(name: string, keys: readonly string[]): string | undefined {
  if (keys.includes(name)) return name;
  const begins = (key: string) => name.length >= key.length && name.startsWith(key.slice(0, -1));
  return keys.filter((key) => isMany(key) && begins(key)).sort((a, b) => b.length - a.length)[0];
}

/** The settings of one of many: `{environment}` in them is its name. */
export function nameIn<T>(value: T, name: string): T {
  if (typeof value === "string") return value.replaceAll("{environment}", name) as T;
  if (Array.isArray(value)) return value.map((part) => nameIn(part, name)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, nameIn(part, name)])) as T;
}
