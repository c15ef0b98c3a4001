import { quotePath } from "../../plan/words.ts";
import type { Row } from "./row.ts";

/** Declared and not there: a deploy stops for it. */
export const shared: Row = ({ host, facts, expected: { deployTo } }) =>
  facts.missingShared.map((file) => ({
    ...({ level: "stop", about: `shared/${file}`, host } as const),
    text: "it is not there, and releases link to it",
    fix: `create it once, with its real content: ${quotePath(`${deployTo}/shared/${file}`)}`,
  }));
