import { judge } from "../remark.ts";
import type { Row } from "./row.ts";

/** Whether the app listens where health is asked. Who may reach it from elsewhere is seen from elsewhere. */
export const port: Row = ({ host, facts, examined: { listens }, expected }) => {
  if (expected.port === undefined) return [];
  const at = { about: "port", host } as const;
  const live = facts.current.kind === "release";
  const number = expected.port;
  if (listens === "nobody")
    return [
      live
        ? {
            ...({ ...at, level: "warn" } as const),
            text: `nobody listens on ${number}, though a release is live`,
            fix: "start the app there, and look at its log",
          }
        : { ...({ ...at, level: "ok" } as const), text: `nobody listens on ${number} yet` },
    ];
  const open = {
    ...({ ...at, level: "warn" } as const),
    text: `${number} is open to everybody who reaches the server, past the web server`,
    fix: "listen on 127.0.0.1",
  };
  return [judge(listens === "all", open, `${number} is listened on, on the server alone`)];
};
