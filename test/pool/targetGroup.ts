import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import {
  type FakeTarget,
  type FakeTargetGroups,
  type FleetHost,
  fakeTargetGroups,
} from "@deploy/testkit/servers";
import type { Front } from "./load.ts";

export const group = "shop";

/** A load balancer as AWS has it: asks each target for health, sends to those that serve, and repeats nothing. */
export interface LoadBalancer {
  readonly api: FakeTargetGroups;
  readonly front: Front;
  close(): Promise<void>;
}

export async function startLoadBalancer(webs: readonly FleetHost[]): Promise<LoadBalancer> {
  const targets = webs.map(({ address }) => ({ id: address, port: 8080 }));
  const sick = new Set<string>();
  const api = await fakeTargetGroups({
    groups: [{ name: group, port: 8080, delay: 1, targets }],
    ...{ initial: 300, isHealthy: ({ id }) => !sick.has(id) },
  });
  const checks = setInterval(() => {
    for (const target of targets)
      void check(target).then((well) => (well ? sick.delete(target.id) : sick.add(target.id)));
  }, 100);
  let turn = 0;
  const server = createServer((asked, answer) => {
    const serving = api.serving(group);
    turn += 1;
    const target = serving[turn % serving.length];
    if (target === undefined) return answer.writeHead(503).end();
    pass(asked, answer, target);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    api,
    front: { name: "target group", host: "127.0.0.1", port: (server.address() as AddressInfo).port },
    async close() {
      clearInterval(checks);
      server.closeAllConnections();
      await Promise.all([new Promise((done) => server.close(done)), api.close()]);
    },
  };
}

function pass(asked: IncomingMessage, answer: ServerResponse, { id: host, port }: FakeTarget): ClientRequest {
  const { method, url: path, headers } = asked;
  const sent = request({ host, port, method, path, headers, agent: false }, (got) => {
    answer.writeHead(got.statusCode ?? 502, { "content-type": "text/plain" });
    got.on("error", () => answer.destroy()).pipe(answer);
  });
  sent.on("error", () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()));
  return asked.pipe(sent);
}

function check({ id: host, port }: FakeTarget): Promise<boolean> {
  return new Promise((done) => {
    request({ host, port, path: "/up", agent: false, timeout: 5000 }, (got) => {
      got.resume();
      done(got.statusCode === 200);
    })
      .on("error", () => done(false))
      .end();
  });
}
