import type { Pool } from "../config/types.ts";
import { membersOf, poolOf } from "../plan/pool.ts";
import type { StepKind } from "./kind.ts";
import { poolCommands, poolCredentials, poolNeeds, poolWords } from "./poolWords.ts";

export interface ReturnStep {
  readonly pool: Pool;
}

/** Hosts that were taken out come back; who was out before, by somebody else, stays out. */
export const comeBack: StepKind<ReturnStep, "pool"> = {
  stage: "wave",
  effect: "pool",
  shell: "Leave `activate.pool` out.",
  lasts: false,
  ends: true,
  plan({ fleet: { config }, hosts }) {
    const [pool, members] = [poolOf(config), membersOf(config)];
    return pool === undefined ? [] : [{ hosts: hosts.filter((host) => members.includes(host)), pool }];
  },
  words: ({ pool }) => poolWords(pool, "return"),
  commands: ({ pool }) => poolCommands(pool, "return"),
  needs: ({ pool }) => poolNeeds(pool),
  credentials: ({ pool }) => poolCredentials(pool),
};
