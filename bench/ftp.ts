// npm run bench:ftp [-- --rounds 5] [--server vsftpd] [--tls explicit]
// A redeploy of 10 of 1,900 changed files over FTP, whole commands, in turns on one server: `deploy run`, with its lock, journal and
// way back, beside lftp `mirror -R` (four files side by side, which trusts sizes and times) and FTP-Deploy-Action's own engine
// (@samkirkland/ftp-deploy). The floor is lftp putting the ten files it is told. The last lines are the table.
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type FtpOptions, type FtpServer, openFtp } from "@deploy/testkit/servers";
import { listActions } from "../scripts/build/actions.ts";
import { build } from "../scripts/build/build.ts";
import { root } from "../scripts/lib/root.ts";
import { render } from "../scripts/render/render.ts";
import { changeApp, shape, writeApp } from "./tree.ts";
import { spawnTimed } from "./upload/spawn.ts";
import type { Sample } from "./upload/types.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    server: { type: "string", default: "vsftpd" },
    tls: { type: "string", default: "explicit" },
  },
});
/** Where the engine keeps its list: among the files. */
const state = ".ftp-deploy-sync-state.json";
const engine = "@samkirkland/ftp-deploy@1.2.5";

interface Turn {
  readonly round: number;
  readonly changed: readonly string[];
}
interface Peer {
  readonly name: string;
  deploy(turn: Turn): Promise<Sample>;
}

const work = mkdtempSync(join(tmpdir(), "deploy-ftp-"));
const tls = values.tls === "none" ? {} : { tls: values.tls as "explicit" };
const server = await openFtp({ kind: values.server as FtpOptions["kind"], ...tls });
try {
  await build(listActions(), join(root, "build", "dist"));
  render({ repository: "org/deploy", ref: "v1", self: "explicit", out: join(work, "tree") });
  await measure([oursPeer(server), lftpPeer(server), enginePeer(server), floorPeer(server)]);
} finally {
  await server.close();
  rmSync(work, { recursive: true, force: true });
}

async function measure(peers: readonly Peer[]): Promise<void> {
  const app = join(work, "app");
  mkdirSync(app);
  await writeApp(app);
  for (const place of ["", "/ours", "/lftp", "/engine", "/floor"]) {
    mkdirSync(join(server.folder, "site/htdocs", place));
    chownSync(join(server.folder, "site/htdocs", place), server.uid, server.uid);
  }
  const taken = new Map<string, Sample[]>(peers.map(({ name }) => [name, []]));
  // The first is everything, and does not count.
  for (let round = 0; round <= Number(values.rounds); round++) {
    const changed = round === 0 ? [] : await changeApp(app, round);
    for (const { name, deploy } of peers) {
      const sample = await deploy({ round, changed });
      console.log(`round ${round} ${name.padEnd(18)} ${sample.seconds.toFixed(2)} s`);
      if (round > 0) taken.get(name)?.push(sample);
    }
  }
  print(taken);
}

function print(taken: ReadonlyMap<string, readonly Sample[]>): void {
  const [ours] = taken.values();
  const words = [`${shape.changed} of ${shape.files} files`, values.server, `tls ${values.tls}`];
  console.log(`${words.join(", ")}, median of ${values.rounds}; ours ÷ is the median of each turn's ratio`);
  for (const [name, samples] of taken) {
    const ratio = median(samples.map(({ seconds }, at) => (ours?.[at]?.seconds ?? 0) / seconds));
    const seconds = median(samples.map((sample) => sample.seconds));
    console.log(`${name.padEnd(18)} ${seconds.toFixed(2).padStart(7)} s   ours ÷ ${ratio.toFixed(2)}`);
  }
}

function median(list: readonly number[]): number {
  const sorted = [...list].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function oursPeer({ address, port, username, password, certificate }: FtpServer): Peer {
  const via = certificate === "" ? { via: "ftp" } : { via: "ftps", certificate };
  const host = { name: "hoster", address, port, username, ...via, "document-root": "/site/htdocs/ours" };
  const config = {
    ...{ app: "bench", source: "app", "deploy-to": "/site/deploy" },
    exclude: [state],
    environments: { production: { hosts: [host] } },
  };
  writeFileSync(join(work, "deploy.json"), JSON.stringify(config));
  const command = [process.execPath, join(work, "tree/dist/cli/index.mjs"), "run", "--yes"];
  return {
    name: "deploy run",
    deploy: ({ round }) =>
      spawnTimed(
        [...command, "--config", "deploy.json", "--commit", `${round + 1}`.repeat(40).slice(0, 40)],
        work,
        { DEPLOY_FTP_PASSWORD: password },
      ),
  };
}

function lftp({ address, port, username, password, certificate }: FtpServer, ...lines: readonly string[]) {
  const secure =
    certificate === "" ? "set ftp:ssl-allow no" : "set ftp:ssl-force yes; set ssl:verify-certificate no";
  const script = join(work, "lftp");
  const open = `open -u '${username},${password}' -p ${port} ${address}`;
  writeFileSync(script, [secure, "set cmd:fail-exit yes", open, ...lines, "bye"].join("\n"));
  return spawnTimed(["lftp", "-f", script], work);
}

function lftpPeer(of: FtpServer): Peer {
  return {
    name: "lftp mirror -R",
    deploy: () => lftp(of, `mirror -R --delete --parallel=4 -X ${state} app /site/htdocs/lftp`),
  };
}

function floorPeer(of: FtpServer): Peer {
  return {
    name: "floor (lftp put)",
    deploy: ({ changed }) =>
      lftp(
        of,
        ...(changed.length === 0
          ? ["mirror -R --parallel=4 app /site/htdocs/floor"]
          : changed.map((path) => `put app/${path} -o /site/htdocs/floor/${path}`)),
      ),
  };
}

function enginePeer({ address, port, username, password, certificate }: FtpServer): Peer {
  const login = ["--server", address, "--port", `${port}`, "--username", username, "--password", password];
  const secure = certificate === "" ? [] : ["--protocol", "ftps", "--security", "loose"];
  const places = ["--local-dir", "./app/", "--server-dir", "site/htdocs/engine/"];
  return {
    name: "FTP-Deploy-Action",
    deploy: () => spawnTimed(["npx", "--yes", engine, ...login, ...secure, ...places], work),
  };
}
