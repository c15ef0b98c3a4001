import type { FleetHost } from "../fleet/host.ts";

/** What visitors met while a site was changed. */
export interface Met {
  readonly sent: number;
  /** Refused, cut, or not 200. */
  readonly failed: number;
}

/** Visitors of a host's own web server: they POST, which nobody repeats for them, half of them over connections that are kept. */
export async function startVisitors(host: FleetHost, url: string): Promise<() => Promise<Met>> {
  const visitors = await host.start([process.execPath, "-e", script, url]);
  await visitors.until(/begun/);
  return async () => {
    await visitors.stop("SIGTERM");
    return JSON.parse(visitors.output().match(/\{.*\}/)?.[0] ?? "{}") as Met;
  };
}

// Each visitor waits for its answer and a moment, so that a server is busy and not drowned.
const script = `const { Agent, request } = require("node:http");
const [sent, failed] = [new Set(), new Set()];
const agents = [false, true, false, true].map((keepAlive) => new Agent({ keepAlive, maxSockets: 1 }));
let over = false;
const visit = (agent) => new Promise((done) => {
  const one = {};
  sent.add(one);
  const fail = () => (failed.add(one), done());
  const asked = request(process.argv[1], { agent, method: "POST" }, (answer) => {
    if (answer.statusCode !== 200) failed.add(one);
    answer.on("error", fail).on("end", done).resume();
  }).on("error", fail);
  asked.end("x");
});
const run = async (agent) => { while (!over) { await visit(agent); await new Promise((done) => setTimeout(done, 5)); } };
const all = Promise.all(agents.map(run));
console.log("begun");
process.on("SIGTERM", async () => {
  over = true;
  await all;
  console.log(JSON.stringify({ sent: sent.size, failed: failed.size }));
  process.exit(0);
});`;
