import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startApp } from "../src/app/app.ts";
import { type SshdFleet, sshdFleet } from "../src/fleet/fleet.ts";
import { makeFleetFolder } from "../src/fleet/folder.ts";
import { sweepNetworks } from "../src/fleet/network.ts";
import { needs } from "../src/needs.ts";
import { run } from "../src/run.ts";
import { connect, exec, getThrough } from "./client.ts";

async function lineOn(fleet: SshdFleet, index: number, line: string) {
  const host = fleet.hosts[index];
  if (host === undefined) throw new Error(`no host ${index}`);
  const client = await connect(host.host, fleet.keys.private);
  try {
    return await exec(client, line);
  } finally {
    client.end();
  }
}

function common(name: string, open: () => Promise<SshdFleet>) {
  needs("sshd", ...(name === "namespaces" ? (["ip"] as const) : []))(`sshdFleet on ${name}`, () => {
    let fleet: SshdFleet;
    beforeAll(async () => {
      fleet = await open();
    });
    afterAll(() => fleet.close());

    test("gives each host its own home and folder", async () => {
      for (const [index, host] of fleet.hosts.entries()) {
        const ran = await lineOn(
          fleet,
          index,
          `mkdir ~/shop && echo ${index} >${host.srv}/who && echo $HOME`,
        );
        expect(ran).toMatchObject({ code: 0, stdout: `${host.home}\n` });
      }
      expect(fleet.hosts.map((host) => readFileSync(join(host.root, "who"), "utf8"))).toEqual(["0\n", "1\n"]);
    });

    test("reports codes and signals", async () => {
      expect(await lineOn(fleet, 0, "echo out; echo err >&2; exit 9")).toMatchObject({
        code: 9,
        stdout: "out\n",
        stderr: "err\n",
      });
      expect(await lineOn(fleet, 0, "kill -KILL $$")).toMatchObject({ code: null, signal: "SIGKILL" });
    });

    test("is pinned by its line, and not after rekey", async () => {
      const [host] = fleet.hosts;
      if (host === undefined) throw new Error("no host");
      const before = host.knownHostsLine();
      const pinned = join(host.files, "known_hosts");
      const identity = join(host.files, "id");
      writeFileSync(identity, fleet.keys.private, { mode: 0o600 });
      writeFileSync(pinned, `${before}\n`);
      const options = [
        "-o",
        "StrictHostKeyChecking=yes",
        "-o",
        `UserKnownHostsFile=${pinned}`,
        "-i",
        identity,
      ];
      const ssh = ["ssh", "-F", "none", ...options, "-o", "GlobalKnownHostsFile=none", "-p", `${host.port}`];
      const login = [...ssh, `${host.username}@${host.address}`, "echo in"];
      expect(await run(login)).toMatchObject({ code: 0, stdout: "in\n" });
      expect(await host.rekey()).not.toBe(before);
      expect((await run(login)).stderr).toContain("Host key verification failed");
      expect(fleet.knownHosts()).toContain(host.knownHostsLine());
    });

    test("stops and starts a host; its app goes on, reloads and ends", async () => {
      const [host] = fleet.hosts;
      if (host === undefined) throw new Error("no host");
      mkdirSync(join(host.root, "app/releases/r1"), { recursive: true });
      symlinkSync("releases/r1", join(host.root, "app/current"));
      const pidFile = `${host.srv}/app.pid`;
      const app = await startApp(host, { deployTo: `${host.srv}/app`, port: 0, pidFile });
      await host.stop();
      await expect(connect(host.host, fleet.keys.private)).rejects.toThrow("ECONNREFUSED");
      await host.restart();
      const client = await connect(host.host, fleet.keys.private);
      expect(await getThrough(client, app.port, "/up")).toMatch(/X-Release: r1\r\n/);
      await exec(client, `kill -HUP $(cat ${pidFile})`);
      await app.until(/serving r1\n[\s\S]*serving r1\n/);
      await app.stop();
      await expect(getThrough(client, app.port, "/up")).rejects.toThrow();
      client.end();
    });

    test("runs programs on the host beside ssh", async () => {
      expect(await fleet.hosts[1]?.exec(["cat", `${fleet.hosts[1].srv}/who`])).toMatchObject({
        code: 0,
        stdout: "1\n",
      });
    });
  });
}

common("loopback", () => sshdFleet({ hosts: 2, namespaces: false }));
common("namespaces", () => sshdFleet({ hosts: 2, namespaces: true }));

needs("sshd", "ip")("namespaces only", () => {
  test("a small disk fills; hosts reach each other; close leaves nothing", async () => {
    const fleet = await sshdFleet({ hosts: [{ tmpfs: "1m" }, { shell: "/bin/false" }] });
    const [small, other] = fleet.hosts;
    const fill = await small?.exec(["dd", "if=/dev/zero", "of=/srv/big", "bs=64k", "count=100"]);
    expect(fill?.stderr).toContain("No space left on device");
    expect((await small?.exec(["cat", "/etc/hostname"]))?.code).toBe(0);
    expect(await lineOn(fleet, 1, "echo in")).toMatchObject({ code: 1, stdout: "" });
    const seen = await small?.exec(["ssh-keyscan", "-t", "ed25519", other?.address ?? ""]);
    expect(seen?.stdout.trim()).toBe(other?.knownHostsLine());
    const left = await other?.start(["sh", "-c", "setsid sleep 1000 & wait"]);
    expect(left?.pid).toBeGreaterThan(1);
    await fleet.close();
    const names = await run(["sh", "-c", "ip netns list; ip -o link"]);
    expect(names.stdout).not.toContain(`dpl${process.pid}-`);
  });

  test("what a dead test process left is swept", async () => {
    const gone = await run(["sh", "-c", "echo $$"]);
    const name = `dpl${gone.stdout.trim()}-1-0`;
    await run(["ip", "netns", "add", name]);
    const folder = join(tmpdir(), `deploy-fleet-${gone.stdout.trim()}-x`);
    mkdirSync(folder);
    await sweepNetworks();
    rmSync(makeFleetFolder(), { recursive: true });
    expect(existsSync(folder)).toBe(false);
    expect((await run(["ip", "netns", "list"])).stdout).not.toContain(name);
  });
});
