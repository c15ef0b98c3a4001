import { DeployError, type Host } from "@deploy/core";
import type { Means } from "@deploy/engine";
import type { Connect, Transport } from "@deploy/transport";

export interface OpenBalancers {
  readonly balancers: NonNullable<Means["balancers"]>;
  close(): Promise<void>;
}

/** Connects to a balancer when it is first spoken to, by the same keys as to hosts, and again where that was lost. */
export function balancersBy(connect: Connect): OpenBalancers {
  const open = new Map<string, Promise<Transport>>();
  const reach = (balancer: Host): Promise<Transport> => {
    const found = open.get(balancer.name) ?? connect(balancer);
    open.set(balancer.name, found);
    return found;
  };
  return {
    balancers: {
      async say(balancer, socket, line) {
        try {
          const transport = await reach(balancer);
          if (transport.say === undefined)
            throw new DeployError("pool-unreadable", "no socket can be reached by this transport");
          return await transport.say(socket, line);
        } catch (error) {
          void open.get(balancer.name)?.then(
            (transport) => transport.close(),
            () => {},
          );
          open.delete(balancer.name);
          throw error;
        }
      },
    },
    async close() {
      await Promise.all(
        [...open.values()].map((opened) =>
          opened.then(
            (transport) => transport.close(),
            () => {},
          ),
        ),
      );
    },
  };
}
