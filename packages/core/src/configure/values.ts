/** What `{{deploy.<name>}}` may say in a file; all that can differ between hosts and releases. */
export const valueNames = [
  "app",
  "environment",
  "host",
  "address",
  "user",
  "roles",
  "release",
  "release-path",
  "current",
  "shared",
] as const;
export type ValueName = (typeof valueNames)[number];

/** Those that are known before any host is, for the path of a file. */
export const pathValues = ["app", "environment"] as const satisfies readonly ValueName[];

const placeholder = /\{\{deploy\.([^{}\n]{0,100})\}\}/g;

/** The text with its values; a name that is none of theirs stays as it is. */
export function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(placeholder, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  );
}

/** Placeholders with other names than these, and the line of each. */
export function strayPlaceholders(
  text: string,
  known: readonly string[] = valueNames,
): readonly { readonly text: string; readonly line: number }[] {
  return text
    .split("\n")
    .flatMap((line, index) =>
      [...line.matchAll(placeholder)]
        .filter(([, name = ""]) => !known.includes(name))
        .map(([whole]) => ({ text: whole, line: index + 1 })),
    );
}
