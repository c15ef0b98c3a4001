// One host's "systemd", started by the demo: keeps `node current/server.mjs` running and starts it anew on
// SIGHUP. Arguments: the deploy-to folder, the file to write its process id to, where the app's output goes.
import { fork } from "node:child_process";
import { existsSync, openSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [base, pidFile, logFile] = process.argv.slice(2);
const log = openSync(logFile, "a");
let app;
let wanted = false;
let stopping = false;

function start() {
  app = undefined;
  wanted = false;
  const entry = join(base, "current", "server.mjs");
  if (stopping || !existsSync(entry)) return;
  app = fork(realpathSync(entry), {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", log, log, "ipc"],
  });
  app.once("exit", () => {
    app = undefined;
    if (stopping) process.exit(0);
    if (wanted) start();
    else setTimeout(() => app ?? start(), 200);
  });
}

function reload() {
  wanted = true;
  if (app === undefined) start();
  else app.kill("SIGTERM");
}

function stop() {
  stopping = true;
  rmSync(pidFile, { force: true });
  if (app === undefined) process.exit(0);
  app.kill("SIGTERM");
}

process.on("SIGHUP", reload);
process.on("SIGTERM", stop);
// Ctrl-C reaches the whole group; the demo stops us in its own order.
process.on("SIGINT", () => {});
process.on("disconnect", stop);
writeFileSync(pidFile, `${process.pid}\n`);
start();
process.send("ready");
