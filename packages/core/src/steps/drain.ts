import { duration } from "../amounts.ts";
import type { Pool } from "../config/types.ts";
import { membersOf, poolOf } from "../plan/pool.ts";
import type { StepKind } from "./kind.ts";
import { poolCommands, poolCounts, poolCredentials, poolDelay, poolNeeds, poolWords } from "./poolWords.ts";

export interface DrainStep {
  readonly pool: Pool;
  /** All that the balancers send to: who is left is counted among them. */
  readonly members: readonly string[];
}

/** Hosts leave the pool, and end what they were asked before: nobody notices what happens to them then. */
export const drain: StepKind<DrainStep, "pool"> = {
  stage: "wave",
  effect: "pool",
  shell: "Leave `activate.pool` out.",
  lasts: false,
  plan({ fleet: { config }, hosts }) {
    const [pool, members] = [poolOf(config), membersOf(config)];
    return pool === undefined
      ? []
      : [{ hosts: hosts.filter((host) => members.includes(host)), pool, members }];
  },
  words: ({ pool }) =>
    `${poolWords(pool, "drain")}${poolCounts(pool) ? `; open requests have ${duration(pool.within)} to end` : ""}`,
  commands: ({ pool }) => poolCommands(pool, "drain"),
  delay: ({ pool }) => poolDelay(pool),
  needs: ({ pool }) => poolNeeds(pool),
  credentials: ({ pool }) => poolCredentials(pool),
};
