import { DeployError } from "@deploy/core";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const control = /[\0-\x1f\x7f]/;

/** What servers take as a name, in bytes. */
export const longestName = 63;

/** A database's name: anything that prints, as servers take it. All of these throw `argument-refused`. */
export function checkName(name: string): string {
  const size = Buffer.byteLength(name);
  return size > 0 && size <= longestName
    ? checkText("a database's name", name)
    : refuse("a database's name", name);
}

/** One line of any characters that print. */
export function checkText(what: string, text: string): string {
  return control.test(text) || text.length > 4096 ? refuse(what, text) : text;
}

export function checkAbsolute(path: string): string {
  const odd = path.split("/").some((part) => part === "." || part === "..");
  const plain = path.startsWith("/") && !path.endsWith("/") && !path.includes("//") && !odd;
  return plain ? checkText("an absolute path", path) : refuse("an absolute path", path);
}

export function checkPort(port: number): string {
  return Number.isInteger(port) && port > 0 && port < 65_536 ? String(port) : refuse("a port", String(port));
}

export function refuse(what: string, value: string): never {
  throw new DeployError("argument-refused", `not ${what}: ${JSON.stringify(value.slice(0, 300))}`);
}
