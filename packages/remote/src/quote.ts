import { DeployError } from "@deploy/core";

/** One word for every Bourne shell. Throws `argument-refused` for a NUL, which no argument can hold. */
export function quote(text: string): string {
  if (text.includes("\0")) throw new DeployError("argument-refused", "a value contains a NUL byte");
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * The login shell that reads the line may be fish (a backslash is special within quotes) or csh (`!`
 * and newlines are). What all of them read alike goes as it is, everything else as `=:` and `=NNN`
 * octal bytes, which the script decodes.
 */
export function encode(text: string): string {
  if (text.includes("\0")) throw new DeployError("argument-refused", "a value contains a NUL byte");
  if (plain.test(text) && !text.startsWith("=:")) return text;
  return `=:${[...new TextEncoder().encode(text)].map(octal).join("")}`;
}

const plain = /^[A-Za-z0-9 "#$%&()*+,./:;<=>?@[\]^_`{|}~-]*$/;
const asIs = /[A-Za-z0-9 ._:/@+,-]/;

function octal(byte: number): string {
  const character = String.fromCharCode(byte);
  return asIs.test(character) ? character : `=${byte.toString(8).padStart(3, "0")}`;
}
