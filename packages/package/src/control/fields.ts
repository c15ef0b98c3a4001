import { DeployError } from "@deploy/core";

/** One paragraph of a control file, in its order. Values may have several lines. */
export type Fields = Readonly<Record<string, string>>;

/** deb822(5): `Name: value`, further lines indented, an empty one as ` .`. */
export function renderParagraph(fields: Fields): string {
  return Object.entries(fields)
    .map(
      ([name, value]) => `${name}:${value.startsWith("\n") ? "" : " "}${value.replace(/\n(?!$)/g, "\n ")}\n`,
    )
    .join("");
}

/** Reads paragraphs; undefined where a line is neither a field nor one that goes on. */
export function parseParagraphs(text: string): readonly Fields[] | undefined {
  const paragraphs: Map<string, string>[] = [];
  let last: string | undefined;
  let now: Map<string, string> | undefined;
  for (const line of text.split("\n")) {
    if (line === "") {
      now = undefined;
      continue;
    }
    if (now === undefined) {
      now = new Map();
      paragraphs.push(now);
      last = undefined;
    }
    const [, name = "", value = ""] = /^([!-9;-~]+):(?: (.*)|\s*)$/.exec(line) ?? [];
    if (line.startsWith(" ") && last !== undefined) now.set(last, `${now.get(last)}\n${line.slice(1)}`);
    else if (name === "" || now.has(name)) return undefined;
    else {
      now.set(name, value);
      last = name;
    }
  }
  return paragraphs.map((fields) => Object.fromEntries(fields));
}

/** Names of packages (Debian Policy 5.6.1). */
const names = /^[a-z0-9][a-z0-9+.-]+$/;
/** Versions without epoch: upstream and perhaps a revision (deb-version(7)). */
const versions = /^[0-9][A-Za-z0-9.+~]*(?:-[A-Za-z0-9.+~]+)*$/;

/** The name of an app as that of a package. Throws `package-invalid`. */
export function packageName(name: string): string {
  const lower = name.toLowerCase().replaceAll("_", "-");
  return checked(names.test(lower), `${JSON.stringify(name)} is no name of a package`, lower);
}

/** Throws `package-invalid`. */
export function packageVersion(version: string): string {
  return checked(versions.test(version), `${JSON.stringify(version)} is no version of a package`, version);
}

/** A value of one line, as a person wrote it. Throws `package-invalid` for what would begin another field. */
export function fieldValue(name: string, value: string): string {
  const trimmed = value.trim();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  const fine = trimmed !== "" && !/[\u0000-\u001f\u007f]/.test(trimmed);
  return checked(fine, `${name} is empty, or of several lines`, trimmed);
}

function checked(fine: boolean, message: string, value: string): string {
  if (fine) return value;
  throw new DeployError("package-invalid", message);
}
