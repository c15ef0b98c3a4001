import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Reloader } from "@deploy/testkit";

/** The folder's real name is the release's id: started in `current`, it names what was live then. */
const server = `import { createServer } from "node:http";
import { basename } from "node:path";
const release = basename(process.cwd());
createServer((_, answer) => answer.end(release + "\\n")).listen(8080, "127.0.0.1", () => console.log("listening"));
`;

/** Ends the server that the pid file names, starts another, and waits until it listens or is over. */
const restart = (folder: string) => `cd "$HOME" || exit 1
pid=$(cat server.pid 2>/dev/null) && kill "$pid"
while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
: >server.log
cd '${folder}' || exit 1
setsid '${process.execPath}' server.mjs </dev/null >"$HOME/server.log" 2>&1 &
pid=$!
echo "$pid" >"$HOME/server.pid"
until grep -q listening "$HOME/server.log" || ! kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
`;

export const pidFile: Reloader = {
  name: "a process that is started again by its pid file",
  parts: [],
  activate: { reload: ['sh "$HOME/restart.sh"'] },
  app: { "server.mjs": server },
  broken: { "server.mjs": 'throw new Error("broken");\n' },
  port: 8080,
  async start(host, folder) {
    writeFileSync(join(host.home, "restart.sh"), restart(folder));
    const { code, stderr } = await host.exec(["sh", `${host.home}/restart.sh`]);
    if (code !== 0) throw new Error(stderr);
  },
};
