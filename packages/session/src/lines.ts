/** Pieces of text as whole lines; `end` tells what has no line feed. */
export function lines(onLine: (line: string) => void): { take(text: string): void; end(): void } {
  let rest = "";
  return {
    take(text) {
      const parts = `${rest}${text}`.split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) onLine(line);
    },
    end() {
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
}
