import { DeployError } from "./errors.ts";

/** What belongs to the shell: no file may set it. */
const shells = /^(BASHOPTS|BASH_VERSINFO|EUID|PPID|SHELLOPTS|UID)$/;

/** One variable in the dialect of environment files; any value but one with a NUL. Throws `argument-refused`. */
export function envLine(name: string, value: string): string {
  if (value.includes("\0")) throw new DeployError("argument-refused", `the value of ${name} contains a NUL`);
  return `${envName(name)}=${quoted(value)}\n`;
}

/** Throws `argument-refused`. */
export function envName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !shells.test(name)) return name;
  throw new DeployError(
    "argument-refused",
    `${JSON.stringify(name)} is no name of a variable that a file may set`,
  );
}

/** Single quotes keep all but themselves, and the carriage return at the end of a line. */
function quoted(value: string): string {
  if (!/['\r]/.test(value)) return `'${value}'`;
  return `"${value.replaceAll(/["\\$`]/g, "\\$&").replaceAll("\r", "\\r")}"`;
}
