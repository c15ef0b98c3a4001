// A small shop: `/` greets, `/up` is the health check; both say which release answers.
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename, join } from "node:path";
import { countOf, openDatabase } from "./database.mjs";
import { greeting } from "./vendor/greeting.mjs";

const here = import.meta.dirname;
const release = basename(here);
const settings = JSON.parse(readFileSync(join(here, "settings.json"), "utf8"));
const database = openDatabase();

function answer(path) {
  if (path === "/up") return health();
  const orders = countOf(database, "orders");
  const photos = readdirSync(join(here, "uploads")).length;
  return [200, `${greeting}, version ${settings.version}: ${orders} orders, ${photos} photo uploaded\n`];
}

function health() {
  const missing = settings.needs.filter((name) => !process.env[name]);
  return missing.length === 0 ? [200, "up\n"] : [503, `not set: ${missing.join(", ")}\n`];
}

const server = createServer((request, response) => {
  const [status, text] = answer(request.url);
  response.writeHead(status, { "content-type": "text/plain", "x-release": release, connection: "close" });
  response.end(text);
});
server.listen(Number(process.env.PORT), "127.0.0.1");

function stop() {
  server.close(() => process.exit(0));
  server.closeAllConnections();
}
process.on("SIGTERM", stop);
// The supervisor holds this channel: when it goes, so do we.
process.on("disconnect", stop);
