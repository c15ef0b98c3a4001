import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FleetHost } from "@deploy/testkit/servers";

/**
 * Serves `current` as it was when it started; `/check` is the balancer's, `/open` tells how many requests it is at. Port 8081 is for
 * balancers that ask nobody for health: who leaves says 503 there to everything. TERM ends it at once, whatever is open: as rude as a
 * restart can be.
 */
export const server = `import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { basename } from "node:path";
const release = basename(process.cwd());
const broken = existsSync("broken");
const drain = process.env.HOME + "/shop/shared/drain";
let open = 0;
const serve = (request, answer) => {
  if (request.socket.localPort === 8081 && existsSync(drain)) return answer.writeHead(503).end();
  if (request.url === "/check") return answer.writeHead(existsSync(drain) ? 404 : 200).end();
  if (request.url === "/up") return answer.end(release);
  if (request.url === "/open") return answer.end(open + "\\n");
  open += 1;
  answer.on("close", () => (open -= 1));
  request.resume().on("end", () => setTimeout(() => answer.writeHead(broken ? 500 : 200).end(release), 50));
};
createServer(serve).listen(8081, "0.0.0.0", () => createServer(serve).listen(8080, "0.0.0.0", () => console.log("listening")));
`;

/** Its argument is the folder that `current` is in. */
const restart = `cd "$HOME" || exit 1
pid=$(cat server.pid 2>/dev/null) && kill "$pid"
while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
: >server.log
cd "\${1:-$HOME/shop}/current" || exit 1
setsid '${process.execPath}' server.mjs </dev/null >"$HOME/server.log" 2>&1 &
echo "$!" >"$HOME/server.pid"
until grep -q listening "$HOME/server.log"; do sleep 0.05; done
`;

/** How the shop is activated: by ending its server and starting another. */
export const reload = 'sh "$HOME/restart.sh"';

export async function startShop(host: FleetHost): Promise<void> {
  mkdirSync(host.home, { recursive: true });
  writeFileSync(join(host.home, "restart.sh"), restart);
  const { code, stderr } = await host.exec(["sh", `${host.home}/restart.sh`]);
  if (code !== 0) throw new Error(stderr);
}
