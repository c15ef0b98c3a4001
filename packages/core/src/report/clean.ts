// Built from code points: the characters themselves must not lie in a source file, where nobody sees them.
const range = (from: number, to: number): string => `\\u{${from.toString(16)}}-\\u{${to.toString(16)}}`;
const escapeCharacter = String.fromCodePoint(0x1b);
const bell = String.fromCodePoint(0x07);

const sequences = new RegExp(
  [
    `${escapeCharacter}\\][^${bell}${escapeCharacter}]*(?:${bell}|${escapeCharacter}\\\\)?`,
    `${escapeCharacter}\\[[0-?]*[ -/]*[@-~]`,
    `${escapeCharacter}[ -/]*[0-~]`,
  ].join("|"),
  "gu",
);
const controls = new RegExp(`[${range(0, 8)}${range(0xb, 0x1f)}${range(0x7f, 0x9f)}]`, "gu");
/** Zero width, byte order, and the marks that turn the direction of text: they make one thing look like another. */
const invisible = new RegExp(
  `[${range(0x200b, 0x200f)}${range(0x2028, 0x202e)}${range(0x2060, 0x206f)}\\u{feff}${range(0xe0000, 0xe007f)}]`,
  "gu",
);

/** Text of many lines, safe for a terminal or a log: no escape sequences, no control or invisible characters. */
export function cleanLines(text: string): string {
  return (
    text
      .replaceAll("\r\n", "\n")
      .replace(sequences, "")
      .replace(controls, "")
      .replace(invisible, "")
      .replaceAll("\t", "    ")
      // `##[` anywhere and `::` at a line's start would be commands to the runner that prints this.
      .replaceAll("##[", "## [")
      .replace(/^(\s*)::/gmu, "$1: :")
  );
}

/** The same on one line. */
export function cleanLine(text: string): string {
  return cleanLines(text.replace(/\r?\n|\r/g, " "));
}
