import { duration } from "../../amounts.ts";
import { judge } from "../remark.ts";
import type { Row } from "./row.ts";

/** Milliseconds above which a health check is no quick question. */
const slow = 1000;

/** The app, asked as a deploy asks it: what is not well before one is not well after it, either. */
export const health: Row = ({ host, facts, reading: { answered }, expected: { health: url } }) => {
  if (url === undefined || answered === undefined) return [];
  const at = { about: "health", host } as const;
  const { fault, hint = "look at the app's log on that server", took, cached } = answered;
  const time = duration(Math.max(1, Math.round(took)));
  if (facts.current.kind !== "release")
    return [{ ...at, level: "ok", text: "nothing is live yet that could answer" }];
  if (fault !== undefined) return [{ ...at, level: "warn", text: `${url} ${fault}`, fix: hint }];
  if (cached) {
    const fix = "ask the app's own port, or let it say Cache-Control: no-store";
    return [{ ...at, level: "warn", text: `a cache answers for ${url}, and it outlives releases`, fix }];
  }
  const text = `${url} takes ${time} to answer`;
  return [
    judge(
      took > slow,
      { ...at, level: "warn", text, fix: "let it look at less" },
      `${url} answers in ${time}`,
    ),
  ];
};
