import { Agent, request } from "node:http";
import type { FleetHost } from "@deploy/testkit";
import { port } from "./haproxy.ts";

/** What became of every request that was sent. */
export interface Load {
  /** Ends when at least `least` requests were answered or lost, and gives what was wrong with those that failed. */
  end(least: number): Promise<{ readonly sent: number; readonly failed: readonly string[] }>;
}

/** POST requests one after the other by each of eight clients, four at each of two balancers, which nobody repeats: half on connections that stay, half on new ones. */
export function startLoad(balancers: readonly FleetHost[]): Load {
  const failed: string[] = [];
  let sent = 0;
  let least = Number.POSITIVE_INFINITY;
  const client = async (keepAlive: boolean, host: string) => {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    while (sent < least) {
      sent += 1;
      const fault = await post(host, agent);
      if (fault !== undefined) failed.push(fault);
    }
    agent.destroy();
  };
  const clients = Array.from({ length: 8 }, (_, index) =>
    client(index % 2 === 0, balancers[index >> 2]?.address ?? ""),
  );
  return {
    async end(wanted) {
      least = wanted;
      await Promise.all(clients);
      return { sent, failed };
    },
  };
}

function post(host: string, agent: Agent): Promise<string | undefined> {
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
