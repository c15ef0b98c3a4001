import { Agent, request } from "node:http";
import { until } from "@deploy/testkit/servers";

/** Where people ask. */
export interface Front {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** What became of every request that was sent. */
export interface Sent {
  readonly sent: number;
  /** What was wrong with each that failed: `name of the front: what`. */
  readonly failed: readonly string[];
  /** Milliseconds until the slowest answer, or failure. */
  readonly longest: number;
}

export interface Load {
  /** Ends when at least `least` requests were answered or lost. */
  end(least: number): Promise<Sent>;
}

/** POST requests one after the other by `clients` at each front, which nobody repeats: half on connections that stay, half on new ones. */
export function startLoad(fronts: readonly Front[], clients = 4): Load {
  const failed: string[] = [];
  let [sent, longest, least] = [0, 0, Number.POSITIVE_INFINITY];
  const client = async (keepAlive: boolean, front: Front) => {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    while (sent < least) {
      sent += 1;
      const begun = performance.now();
      const fault = await post(front, agent);
      longest = Math.max(longest, performance.now() - begun);
      if (fault !== undefined) failed.push(`${front.name}: ${fault}`);
    }
    agent.destroy();
  };
  const all = fronts.flatMap((front) =>
    Array.from({ length: clients }, (_, index) => client(index % 2 === 0, front)),
  );
  return {
    async end(wanted) {
      least = wanted;
      await Promise.all(all);
      return { sent, failed, longest };
    },
  };
}

/** Until somebody serves there. */
export async function untilServing(front: Omit<Front, "name">): Promise<void> {
  const agent = new Agent();
  await until(`port ${front.port} serves`, async () => (await post(front, agent)) === undefined);
  agent.destroy();
}

function post({ host, port }: Omit<Front, "name">, agent: Agent): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = request({ host, port, path: "/work", method: "POST", agent }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode === 200 ? undefined : `${answer.statusCode}`));
      answer.on("error", (error) => resolve(error.message));
    });
    asked.on("error", (error) => resolve(error.message));
    asked.end("an order");
  });
}
