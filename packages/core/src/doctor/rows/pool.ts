import type { Standing } from "../../facts.ts";
import type { Row } from "./row.ts";

const words: Readonly<Record<Exclude<Standing, "in"> | "unread", string>> = {
  draining: "its balancer sends it nothing new",
  out: "it was taken out at its balancer",
  down: "its balancer takes it for dead",
  mixed: "its balancers do not agree about it",
  unread: "its balancers could not be asked",
};

/** Who gets requests: what was taken out stays so until somebody puts it back. */
export const pool: Row = ({ host, facts: { standing, drained } }) => {
  const at = { about: "pool", host } as const;
  const ours = drained === undefined ? "" : `, by ${drained.by} since ${drained.since}`;
  if (standing === "unread") return [{ ...at, level: "unknown", text: words.unread }];
  if (standing !== undefined && standing !== "in")
    return [
      {
        ...({ ...at, level: "warn" } as const),
        text: `${words[standing]}${ours}`,
        fix: "deploy reconcile, or put it back where it was taken out",
        inAction: "Run the action `reconcile`, or put it back where it was taken out.",
      },
    ];
  return standing === undefined ? [] : [{ ...at, level: "ok", text: "its balancers have it" }];
};
