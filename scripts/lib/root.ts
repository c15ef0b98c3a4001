import { dirname } from "node:path";

/** The repository's folder, absolute, wherever a script was started from. */
export const root = dirname(dirname(import.meta.dirname));
