// Run on its own by memory.parts.test.ts: backs up FOLDER/data into FOLDER/store and prints the peak of its memory in KiB.
import { join } from "node:path";
import { folderStore } from "@deploy/store";
import { localConnector } from "@deploy/transport";
import { makeBackup } from "../../src/index.ts";

const [folder = "", recipient = ""] = process.argv.slice(2);
const host = { name: "here", address: "here", port: 22, username: "", roles: [] };
const transport = await localConnector({ home: folder })(host);
await makeBackup({
  app: "shop",
  environment: "production",
  source: { kind: "command", directory: folder, run: "cat data", verify: "cat >/dev/null" },
  transport,
  store: folderStore(join(folder, "store")),
  recipients: [recipient],
  verify: "read",
  compression: "gzip",
  level: 1,
  minimum: 1,
  run: "4711",
  now: new Date(),
});
await transport.close();
console.log(process.resourceUsage().maxRSS);
