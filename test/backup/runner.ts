// A backup in a process of its own, as on a runner, so that a test can kill it. Settings come as JSON on stdin. With `hold` it stands
// still when all is done but the manifest, and says so.
import { text } from "node:stream/consumers";
import { makeBackup } from "@deploy/backup";
import { Secret } from "@deploy/core";
import type { Source } from "@deploy/remote";
import { type Store, s3Store } from "@deploy/store";
import { loadSshConnector } from "@deploy/transport";
import type { RunnerSettings } from "./child.ts";

const settings = JSON.parse(await text(process.stdin)) as RunnerSettings;
const { bucket, region, endpoint, keys } = settings.s3;
const s3 = s3Store({ bucket, prefix: "production", region, endpoint, credentials: async () => keys });
const put: Store["put"] = async (key) => {
  console.log(`about to put ${key}`);
  return new Promise(() => setInterval(() => {}, 1000));
};
const store: Store = settings.hold ? Object.assign(Object.create(s3) as Store, { put }) : s3;
const connect = await loadSshConnector({
  knownHosts: settings.knownHosts,
  privateKey: new Secret(settings.privateKey),
});
await makeBackup({
  ...{ app: "shop", environment: "production", source: settings.source as Source, store },
  ...{ transport: await connect(settings.host), recipients: [settings.recipient] },
  ...{ verify: "read", compression: "none", minimum: 1, run: "4711", now: new Date() },
  onProgress: ({ phase, done }) => console.log(`${phase} ${done}`),
});
console.log("made");
process.exit(0);
