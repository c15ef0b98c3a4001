import type { Io, Output } from "./io.ts";

export type Colour = "red" | "green" | "yellow" | "dim" | "bold";

export type Paint = (colour: Colour, text: string) => string;

const codes: Readonly<Record<Colour, readonly [number, number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  dim: [2, 22],
  bold: [1, 22],
};

/** Colours for a terminal; plain text for files, pipes, `NO_COLOR` and dumb terminals. */
export function paintFor(output: Output, env: Io["env"]): Paint {
  if (!isColourful(output, env)) return (_colour, text) => text;
  return (colour, text) => `\u001b[${codes[colour][0]}m${text}\u001b[${codes[colour][1]}m`;
}

function isColourful(output: Output, env: Io["env"]): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "") return env.FORCE_COLOR !== "0";
  return output.isTTY === true && env.TERM !== "dumb";
}
