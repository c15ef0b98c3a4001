import { duration } from "../amounts.ts";
import type { Pool } from "../config/types.ts";
import { list } from "../plan/words.ts";
import type { MeansName } from "./kind.ts";

/** By what a host leaves or returns. */
export function poolWords(pool: Pool, way: "drain" | "return"): string {
  const by =
    pool.kind === "file"
      ? `shared/${pool.path} is ${(pool.outWhile === "present") === (way === "drain") ? "made" : "removed"}`
      : pool.kind === "haproxy"
        ? `${list(pool.balancers.map(({ name }) => name))} ${pool.balancers.length === 1 ? "is" : "are"} told, backend ${pool.backend} at ${pool.socket}`
        : "the balancer is told";
  const settle =
    pool.settle === undefined ? "" : `, then ${duration(pool.settle)} for the balancers to notice`;
  return `${by}${settle}`;
}

/** What is run on the host, exactly as it will be. */
export function poolCommands(pool: Pool, way: "drain" | "return"): readonly string[] {
  if (pool.kind === "haproxy") return [];
  const { inFlight } = pool;
  const open = inFlight === undefined || way === "return" ? [] : [`${inFlight} # until it prints 0`];
  return pool.kind === "file" ? open : [`${pool.read} # before and after`, pool[way], ...open];
}

export function poolNeeds({ kind }: Pool): readonly MeansName[] {
  return kind === "haproxy" ? ["balancers"] : [];
}
