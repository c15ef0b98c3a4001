import type { ConfigureKind } from "./kind.ts";

/** What no program of ours reads: only a `test` of the user's does. */
export const file: ConfigureKind = { words: "any other file", levels: ["check", "user"] };
