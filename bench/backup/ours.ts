// One backup or restore in a process of its own, whose memory is measured. Settings come as JSON on stdin, the answer goes as JSON to stdout.
import { tmpdir } from "node:os";
import { text } from "node:stream/consumers";
import { makeBackup, restoreBackup } from "@deploy/backup";
import { Secret } from "@deploy/core";
import type { Source } from "@deploy/remote";
import { s3Store } from "@deploy/store";
import { loadSshConnector, localConnector } from "@deploy/transport";
import type { Answer, Settings } from "./child.ts";

const settings = JSON.parse(await text(process.stdin)) as Settings;
const { bucket, region, endpoint, keys } = settings.s3;
const { host, knownHosts, privateKey, over } = settings;
const started = performance.now();
const connect =
  over === "ssh"
    ? await loadSshConnector({ knownHosts, privateKey: new Secret(privateKey) })
    : localConnector({ home: tmpdir() });
const transport = await connect(host);
const store = s3Store({ bucket, prefix: "ours", region, endpoint, credentials: async () => keys });
const { password, ...server } = settings.server;
const source: Source = {
  ...{ kind: "postgres", globals: false },
  server: { ...server, password: new Secret(password) },
};
const restore = settings.restore;
const identity: { readonly identity?: Secret } =
  settings.identity === undefined ? {} : { identity: new Secret(settings.identity) };
const manifest =
  restore === undefined
    ? await makeBackup({
        ...{
          app: "bench",
          environment: server.name,
          source,
          transport,
          store,
          recipients: [settings.recipient],
        },
        ...{ verify: "read", compression: "auto", minimum: 1, run: "bench", now: new Date(), ...identity },
      })
    : restore.backup;
if (restore !== undefined) {
  await restoreBackup({
    backup: manifest,
    source,
    transport,
    store,
    into: { kind: "new", name: restore.name },
    ...identity,
  });
}
const seconds = (performance.now() - started) / 1000;
await transport.close();
store.close();
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const answer: Answer = {
  manifest,
  seconds,
  peak: (maxRSS * 1024) / 1e6,
  cpu: (userCPUTime + systemCPUTime) / 1e6,
};
console.log(JSON.stringify(answer));
