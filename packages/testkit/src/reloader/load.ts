import type { FleetHost } from "../fleet/host.ts";

/** What visitors met while a site was changed. */
export interface Met {
  readonly sent: number;
  /** Refused, cut, or not 200: what each of these met. */
  readonly failed: readonly string[];
}

export interface Visited {
  readonly url: string;
  readonly method: "GET" | "POST";
  /** Asked for once, and not read to its end before a second after `link` has changed. */
  readonly long?: string;
  readonly link: string;
}

/** Visitors of a host's own web server: they POST, which nobody repeats for them, half of them over connections that are kept. */
export async function startVisitors(host: FleetHost, visited: Visited): Promise<() => Promise<Met>> {
  const visitors = await host.start([process.execPath, "-e", script, JSON.stringify(visited)]);
  await visitors.until(/begun/);
  return async () => {
    await visitors.stop("SIGTERM");
    return JSON.parse(visitors.output().match(/\{.*\}/)?.[0] ?? "{}") as Met;
  };
}

// Each visitor waits for its answer and a moment, so that a server is busy and not drowned.
const script = `const { Agent, request } = require("node:http");
const { readlinkSync } = require("node:fs");
const { url, method, long, link } = JSON.parse(process.argv[1]);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const agents = [false, true, false, true].map((keepAlive) => new Agent({ keepAlive, maxSockets: 1 }));
const failed = [];
let [sent, over] = [0, false];
const visit = (agent) => new Promise((done) => {
  sent += 1;
  const fail = (error) => (failed.push((agent.options.keepAlive ? "kept: " : "new: ") + (error.code ?? error)), done());
  const asked = request(url, { agent, method }, (answer) => {
    if (answer.statusCode !== 200) failed.push(String(answer.statusCode));
    answer.on("error", fail).on("end", done).resume();
  }).on("error", fail);
  asked.end(method === "POST" ? "x" : undefined);
});
const run = async (agent) => { while (!over) { await visit(agent); await pause(5); } };
const linger = (begun) => new Promise((done) => {
  let end = "";
  const fail = (error) => (failed.push("long: " + (error.code ?? error)), begun(), done());
  request(long, { agent: false }, async (answer) => {
    const was = readlinkSync(link);
    answer.on("error", fail).on("end", () => (end.endsWith("over\\n") ? done() : fail("it ends with " + end)));
    answer.on("data", (data) => { end = (end + data).slice(-20); }).once("data", async () => {
      answer.pause();
      begun();
      while (!over && readlinkSync(link) === was) await pause(20);
      await pause(1000);
      answer.resume();
    });
  }).on("error", fail).end();
});
(async () => {
  let lingering;
  if (long !== undefined) await new Promise((begun) => { lingering = linger(begun); });
  const all = Promise.all([...agents.map(run), lingering]);
  console.log("begun");
  process.on("SIGTERM", async () => {
    over = true;
    await all;
    console.log(JSON.stringify({ sent, failed }));
    process.exit(0);
  });
})();`;
