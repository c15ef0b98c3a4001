import { DeployError, type Host, problemOf, type Standing } from "@deploy/core";
import { type Answer, failed } from "../hosts/ask.ts";
import type { Means } from "../means.ts";
import type { Looking, PoolDriver } from "./driver.ts";
import { type Row, rowsOf, tallyIn } from "./haproxyAnswers.ts";

/**
 * HAProxy's runtime socket (version 1.8 and newer), through our own connection to each balancer: no program is needed there. It never
 * fails by a code: a refusal is text, and success is an empty line. A balancer that is reloaded forgets what it was told.
 */
export const driver: PoolDriver<"haproxy"> = {
  read: look,
  look,
  drain: (at) => set(at, "drain"),
  return: (at) => set(at, "ready"),
  settle: (at) =>
    onEach(
      at,
      async (balancer) => {
        const row = await statOf(at, balancer);
        return Number(row.scur) + Number(row.qcur);
      },
      (open) => open.reduce((sum, one) => sum + one, 0),
    ),
  tally: (at) =>
    onEach(
      at,
      async (balancer) => tallyIn(await statOf(at, balancer)),
      (all) => ({
        requests: all.reduce((sum, { requests }) => sum + requests, 0),
        errors: all.reduce((sum, { errors }) => sum + errors, 0),
      }),
    ),
};

function look(at: Looking<"haproxy">): Promise<Answer<Standing>> {
  return onEach(
    at,
    (balancer) => standingAt(at, balancer),
    (all) => {
      const [first] = all;
      return first !== undefined && all.every((one) => one === first) ? first : "mixed";
    },
  );
}

/** Asks every balancer at once; one that cannot be read, or refuses, is the answer for all. */
async function onEach<T, All>(
  { link, pool }: Looking<"haproxy">,
  work: (balancer: Host) => Promise<T>,
  together: (all: readonly T[]) => All,
): Promise<Answer<All>> {
  try {
    return { status: "ok", value: together(await Promise.all(pool.balancers.map(work))) };
  } catch (error) {
    return failed(link, problemOf(error));
  }
}

function set(at: Looking<"haproxy">, state: "drain" | "ready"): Promise<Answer<unknown>> {
  return onEach(
    at,
    async (balancer) => {
      const { srv_name: server } = await serverOf(at, balancer);
      const said = await say(at, balancer, `set server ${at.pool.backend}/${server} state ${state}`);
      if (said.trim() !== "") throw unreadable(balancer, said);
    },
    () => undefined,
  );
}

/** The administrator's bits: maintenance (1, 2, 4, 32) and draining (8, 16); none, and up in every check: in. */
async function standingAt(at: Looking<"haproxy">, balancer: Host): Promise<Standing> {
  const { srv_admin_state: admin } = await serverOf(at, balancer);
  const bits = Number(admin);
  if (admin === undefined || !Number.isInteger(bits)) throw unreadable(balancer, `srv_admin_state ${admin}`);
  if ((bits & 39) !== 0) return "out";
  if ((bits & 24) !== 0) return "draining";
  const { status } = await statOf(at, balancer);
  return status === "UP" || status === "no check" ? "in" : "down";
}

/** By its name, or by the address of the host. */
async function serverOf(at: Looking<"haproxy">, balancer: Host): Promise<Row> {
  const { pool, link } = at;
  const said = await say(at, balancer, `show servers state ${pool.backend}`);
  const named = pool.servers.find(({ host }) => host === link.host.name)?.server ?? link.host.name;
  const found = rowsOf(said, " ").filter(
    ({ srv_name: name, srv_addr: address }) => name === named || address === link.host.address,
  );
  const [row] = found;
  if (row === undefined || found.length > 1)
    throw unreadable(
      balancer,
      said.startsWith("1\n") ? `${found.length} servers are ${link.host.name}` : said,
    );
  return row;
}

async function statOf(at: Looking<"haproxy">, balancer: Host): Promise<Row> {
  const { srv_name: server } = await serverOf(at, balancer);
  const said = await say(at, balancer, `show stat ${at.pool.backend} 4 -1`);
  const row = rowsOf(said, ",").find(({ svname }) => svname === server);
  if (row === undefined) throw unreadable(balancer, said);
  return row;
}

function say({ context, pool }: Looking<"haproxy">, balancer: Host, line: string): Promise<string> {
  return balancersOf(context.means).say(balancer, pool.socket, line);
}

function balancersOf({ balancers }: Means): NonNullable<Means["balancers"]> {
  if (balancers !== undefined) return balancers;
  throw new DeployError("means-missing", "the pool's balancers cannot be spoken to");
}

function unreadable(balancer: Host, said: string): DeployError {
  const text = JSON.stringify(said.trim().slice(0, 200));
  return new DeployError("pool-unreadable", `${balancer.name} said ${text}`, {
    place: { host: balancer.name },
  });
}
