import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needs, type SshdFleet, sshdFleet, type TcpProxy, tcpProxy, until } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";

const describe = needs("sshd");
const entry = join(import.meta.dirname, "../src/main.ts");

describe("after the connection to the leader was lost and made again, the command ends by itself", () => {
  const folder = mkdtempSync(join(tmpdir(), "cli-ends-"));
  let [fleet, proxy, files]: [SshdFleet, TcpProxy, string] = [] as never;
  beforeAll(async () => {
    fleet = await sshdFleet({ hosts: 1, namespaces: false });
    const [host] = fleet.hosts;
    if (host === undefined) throw new Error("no host");
    proxy = await tcpProxy({ to: { host: host.address, port: host.port } });
    files = host.files;
    const { username, srv } = host;
    mkdirSync(join(folder, ".github"));
    const config = {
      app: "shop",
      "deploy-to": `${srv}/shop`,
      exclude: ["/key", "/pins"],
      migrate: `echo begun; : >${files}/begun; until [ -e ${files}/go ]; do sleep 0.05; done`,
      environments: { production: { hosts: [{ address: proxy.address, port: proxy.port, username }] } },
    };
    writeFileSync(join(folder, ".github/deploy.yml"), JSON.stringify(config));
    const pinned = host.knownHostsLine().replace(`:${host.port}`, `:${proxy.port}`);
    writeFileSync(join(folder, "pins"), `${pinned}\n`);
    writeFileSync(join(folder, "key"), fleet.keys.private);
    chmodSync(join(folder, "key"), 0o600);
  });
  afterAll(async () => {
    writeFileSync(join(files, "go"), "");
    await proxy.close();
    await fleet.close();
    rmSync(folder, { recursive: true });
  });

  /** A deploy that has lost its connection in the migration, and follows it over a new one. */
  async function cutInMigration(commit: string) {
    for (const name of ["begun", "go"]) rmSync(join(files, name), { force: true });
    const login = ["--known-hosts", "pins", "--identity-file", "key"];
    const argv = ["--disable-warning=ExperimentalWarning", entry];
    const child = spawn(process.execPath, [...argv, "run", "--yes", "--commit", commit, ...login], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    const ended = once(child, "close").then(([code]) => code as number | null);
    await until("the migration", () => existsSync(join(files, "begun")) || child.exitCode !== null);
    const before = proxy.connections();
    proxy.reset();
    await until("a new connection", () => proxy.connections() > before || child.exitCode !== null);
    return { child, ended, said: () => said };
  }

  test("when its work is done", async () => {
    const { ended, said } = await cutInMigration("1".repeat(40));
    writeFileSync(join(files, "go"), "");
    expect([await ended, said()]).toEqual([0, expect.stringContaining("connecting again")]);
  });

  test("when it is told to, once", async () => {
    const { child, ended, said } = await cutInMigration("2".repeat(40));
    child.kill("SIGTERM");
    const code = await ended;
    writeFileSync(join(files, "go"), "");
    expect([code, said()]).toEqual([130, expect.stringContaining("Cancelling")]);
  });
});
