import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Started } from "../started.ts";

/**
 * A web app for test hosts, as the text of a Node script: `node app.mjs DEPLOY_TO PORT PID_FILE`.
 * It reads `current` when it starts and on SIGHUP, never between: `X-Release` tells which code runs.
 * `health-status` in the release sets the status of every answer.
 */
export const appSource = `import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename, join } from "node:path";

const [deployTo, port, pidFile] = process.argv.slice(2);
let live = load();

function read(file) {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}

function load() {
  try {
    const path = realpathSync(join(deployTo, "current"));
    const status = Number(read(join(path, "health-status")) || 200);
    return { release: basename(path), revision: read(join(path, "REVISION")), status };
  } catch {
    return { release: "none", revision: "", status: 503 };
  }
}

process.on("SIGHUP", () => {
  live = load();
  console.log("serving " + live.release);
});

const server = createServer((request, answer) => {
  answer.writeHead(live.status, { "Content-Type": "application/json", "X-Release": live.release });
  answer.end(JSON.stringify({ path: request.url, ...live }) + "\\n");
});
server.listen(Number(port), "127.0.0.1", () => {
  if (pidFile) writeFileSync(pidFile, process.pid + "\\n");
  console.log("serving " + live.release + "\\nlistening " + server.address().port);
});
`;

/** A test host that can run something in the background. */
export interface AppHost {
  /** A folder the host can read, outside of deploy-to. */
  readonly files: string;
  start(argv: readonly string[], env?: Readonly<Record<string, string>>): Promise<Started>;
}

export interface AppOptions {
  /** As the host sees it. */
  readonly deployTo: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** As the host sees it; `kill -HUP $(cat FILE)` then reloads the app. */
  readonly pidFile: string;
}

/** Starts the app on a host and waits until it listens. */
export async function startApp(host: AppHost, options: AppOptions): Promise<Started & { port: number }> {
  const script = join(host.files, "app.mjs");
  writeFileSync(script, appSource);
  const { deployTo, port, pidFile } = options;
  const app = await host.start([process.execPath, script, deployTo, String(port), pidFile]);
  const [, real] = await app.until(/listening (\d+)/);
  return { ...app, port: Number(real) };
}
