import type { Strategy } from "./strategy.ts";

/** All hosts switch together. */
export const all: Strategy = {
  words: "together",
  waves: ({ hosts }) => [{ name: "all", hosts }],
};
