// The app: /up says which release answers, / shows how many uploads it knows.
import { readdirSync, realpathSync } from "node:fs";
import { createServer } from "node:http";
import { basename, join } from "node:path";

// The folder's real name is the release id: started through `current`, it names what was live then.
const here = realpathSync(process.cwd());
const release = basename(here);
const port = Number(process.env.PORT ?? 8080);

createServer((request, answer) => {
  answer.setHeader("X-Release", release);
  if (request.url === "/up") return answer.end(`${release}\n`);
  const uploads = readdirSync(join(here, "public", "uploads"));
  answer.end(`${process.env.GREETING ?? "Hello"}, ${uploads.length} uploads\n`);
}).listen(port, "127.0.0.1");
