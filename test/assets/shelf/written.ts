const strings = `"(?:[^"\\\\\\n]|\\\\[\\s\\S])*"|'(?:[^'\\\\\\n]|\\\\[\\s\\S])*'`;
const comments = new RegExp(`(${strings})|/\\*[\\s\\S]*?\\*/`, "g");
const blanks = new RegExp(`(${strings})|\\s+`, "g");

/**
 * All that a style sheet says to whichever browser, in order, without white space and comments: a browser of the test
 * shows nothing of what it skips (`-moz-`, `*zoom`). Found by plain patterns and not by the parsers under test.
 */
export function writtenIn(css: string): readonly string[] {
  return css
    .replace(/^\ufeff/, "")
    .replace(comments, "$1")
    .replace(/(?<![\w.])0+(?=\.\d)/g, "")
    .replace(/#([\da-f])\1([\da-f])\2([\da-f])\3(?![\w-])/gi, "#$1$2$3")
    .replace(blanks, "$1")
    .replace(/;+(?=})/g, "")
    .replace(/(?<=[{}]);+/g, "")
    .split(/(?<=[{}])|;+/)
    .filter((part) => part !== "");
}
