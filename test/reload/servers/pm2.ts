import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathOfPart, type Reloader } from "@deploy/testkit";
import { asRoot } from "./unit.ts";

/** Told to end, it answers what it is asked over kept connections once more and closes them: nobody's question meets a closed door. */
const server = `const { createServer } = require("node:http");
const { Server } = require("node:net");
const { readFileSync, readlinkSync } = require("node:fs");
const release = readFileSync(__dirname + "/RELEASE", "utf8");
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
let leaving = false;
const server = createServer(async (asked, answer) => {
  if (leaving) answer.setHeader("connection", "close");
  if (asked.url !== "/long") return answer.end(release);
  const was = readlinkSync("/srv/shop/current");
  answer.write("begun\\n");
  while (readlinkSync("/srv/shop/current") === was) await pause(20);
  await pause(1000);
  answer.end("over\\n");
});
server.listen(8080, "127.0.0.1");
process.on("SIGINT", () => {
  leaving = true;
  Server.prototype.close.call(server, () => process.exit(0));
});
`;

const ecosystem = (folder: string) => `module.exports = { apps: [{
  name: "shop", cwd: "${folder}", script: "server.js", exec_mode: "cluster", instances: 2, kill_timeout: 20000,
}] };
`;

const service = {
  ...{ kind: "pm2", app: "shop", ecosystem: "/srv/ecosystem.config.cjs" },
  ...{ program: pathOfPart("pm2"), test: "node --check server.js" },
};

export const pm2: Reloader = {
  name: "pm2 by its ecosystem file",
  parts: ["pm2"],
  activate: { service },
  untested: { service: { ...service, test: false } },
  ...{ gentle: true, settles: true, sees: true },
  app: { "server.js": server },
  broken: { "server.js": "broken(\n" },
  port: 8080,
  async start(host, folder) {
    writeFileSync(join(host.root, "ecosystem.config.cjs"), ecosystem(folder));
    const pm2 = pathOfPart("pm2");
    await asRoot(host, `cd /srv; ${pm2} delete shop; ${pm2} start /srv/ecosystem.config.cjs`);
  },
};
