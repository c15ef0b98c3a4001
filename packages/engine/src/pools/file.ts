import type { Standing } from "@deploy/core";
import { poolFile, poolLook } from "@deploy/remote";
import { type Answer, askSurely } from "../hosts/ask.ts";
import { inFlight } from "./command.ts";
import type { At, Looking, PoolDriver } from "./driver.ts";

/** The balancers' own health check does it: nobody has to speak to them, and nobody can ask them. */
export const driver: PoolDriver<"file"> = {
  read: look,
  look,
  drain: (at) => set(at, "drain"),
  return: (at) => set(at, "return"),
  settle: inFlight,
};

async function look({ context, link, pool }: Looking<"file">): Promise<Answer<Standing>> {
  const answer = await askSurely(link, poolLook(context.fence(), pool.path));
  if (answer.status !== "ok") return answer;
  return { status: "ok", value: answer.value === pool.outWhile ? "out" : "in" };
}

function set({ context, link, pool }: At<"file">, way: "drain" | "return") {
  const what = (pool.outWhile === "present") === (way === "drain") ? "make" : "remove";
  return askSurely(link, poolFile(context.fence(), pool.path, what, way));
}
