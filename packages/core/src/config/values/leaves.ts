import * as z from "zod";
import { isPlain } from "./text.ts";

/** Text that `read` turns into a value; undefined from it means: refused, `expected` says what would do. */
export function text<T>(expected: string, read: (text: string) => T | undefined) {
  return z.string({ error: expected }).transform((value, context): T => {
    const found = read(value);
    if (found !== undefined) return found;
    context.issues.push({ code: "custom", message: expected, input: value });
    return z.NEVER;
  });
}

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number) {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

export function flag() {
  return z.boolean({ error: "true or false" });
}

/** One of these words. */
export function choice<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: `one of ${values.join(", ")}` });
}

export function list<T extends z.ZodType>(of: T, what: string) {
  return z.array(of, { error: `a list of ${what}` });
}

/** A user's command: any text but the one character no shell can be given. */
export function command() {
  return text("a command (text without NUL characters)", (value) => {
    return value.trim() === "" || /[\0\p{Cs}]/u.test(value) ? undefined : value;
  });
}

/** A pattern or word that must show as it is. */
export function line(expected: string) {
  return text(expected, (value) => (value.trim() !== "" && isPlain(value) ? value : undefined));
}

/** An http(s) address without credentials, kept as written. */
export function webAddress() {
  return text("an http:// or https:// URL without user and password", (value) => {
    if (value.length > 2000 || !/^https?:\/\/[^\s"<>\\^`{|}]+$/i.test(value) || !isPlain(value))
      return undefined;
    if (!URL.canParse(value)) return undefined;
    const { username, password } = new URL(value);
    return username === "" && password === "" ? value : undefined;
  });
}
