import { plainText } from "./plain.ts";

export interface LineReader {
  add(text: string): void;
  /** The rest, where the last line never ended. */
  end(): void;
}

/** Characters after which a line is cut: a server may send one that never ends. */
const longest = 64 * 1024;

/** Chunks in, whole lines out, free of everything a terminal would obey. */
export function readLines(onLine: (line: string) => void): LineReader {
  let rest = "";
  const tell = (line: string): void => {
    for (const part of plainText(line.replace(/\r+$/, "")).split("\n")) onLine(part);
  };
  const end = (): void => {
    if (rest !== "") tell(rest);
    rest = "";
  };
  return {
    end,
    add(text) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) tell(line);
      if (rest.length > longest) end();
    },
  };
}
