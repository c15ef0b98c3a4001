import { text } from "./leaves.ts";

const namePattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";
export const namePhrase = "a name of letters, digits and . _ - (at most 64, starting with a letter or digit)";
const pattern = new RegExp(namePattern);

/** Whether the text may name an app, an environment or a role. */
export function isName(text: string): boolean {
  return pattern.test(text);
}

export const name = () =>
  text(namePhrase, (value) => (isName(value) ? value : undefined)).meta({ pattern: namePattern });

/** A name, or one with `*` at its end, which stands for many. */
export const nameOrMany = () =>
  text(namePhrase, (value) => (isName(value.replace(/(?<=.)\*$/, "")) ? value : undefined)).meta({
    pattern: namePattern.replace("$", "\\*?$"),
  });
