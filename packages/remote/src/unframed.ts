import { begin, end } from "./answer.ts";

/** What a refusal says between its sentinels, or a command that need not run. */
const refusal = /^(?:error \S+ [0-9a-f]*|reused \S+ \S+ \d+|bound [0-9a-f]+)$/;

/** Lets pass what people are to see of a stream that comes in pieces: no frame of ours, be it cut between two of them. */
export function unframed(): (text: string) => string {
  let held = "";
  let middle = false;
  let within = false;
  const isFrame = (line: string): boolean => {
    if (line === begin) within = true;
    else if (!within) return false;
    else if (end.test(line)) within = false;
    else within = refusal.test(line);
    return within || end.test(line);
  };
  return (text) => {
    const pieces = (held + text).match(/[^\n]*\n|[^\n]+/g) ?? [];
    held = "";
    return pieces
      .filter((piece) => {
        const whole = piece.endsWith("\n");
        if (!middle && !whole && (within || /^--d/.test(piece)) && piece.length < 4096) {
          held = piece;
          return false;
        }
        if (!middle && isFrame(piece.trimEnd())) return false;
        middle = !whole;
        return true;
      })
      .join("");
  };
}
