import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { lockAcquire, scripts } from "../src/index.ts";
import { binSh, makeHost, type TestHost } from "./host.ts";
import { cleared, followed, groupsOf, jobId, launchOf, stateNow, stateOf } from "./jobs.ts";
import { deployed, ownerOf, receiveOf, releaseA } from "./scenario.ts";

async function withHost(host: TestHost, act: (host: TestHost) => Promise<void>): Promise<void> {
  try {
    await deployed(host);
    await act(host);
  } finally {
    const clear = cleared(groupsOf(host));
    host.remove();
    expect(clear).toBe(true);
  }
}

test("50 runners at once, with no mutex before them: the claim alone lets one through", async () => {
  await withHost(makeHost(binSh), async (host) => {
    const shown = scripts.launch.replace('main "$@" </dev/null', 'printf %s "$runner"');
    const runner = join(host.home, "runner");
    writeFileSync(runner, execFileSync("sh", ["-c", shown]));
    mkdirSync(join(host.base, `.deploy/jobs/${jobId}`), { recursive: true });
    const release = join(host.base, `releases/${releaseA}`);
    const command = `printf x >>${host.base}/counter; sleep 1`;
    const args = [host.base, jobId, releaseA, release, "-", "", "1", "run-1", "migrate", command];
    const ends = Array.from({ length: 50 }, () => {
      const child = spawn("sh", [runner, ...args], { env: host.env, detached: true, stdio: "ignore" });
      return new Promise((resolve) => child.on("exit", resolve));
    });
    await Promise.all(ends);
    expect(readFileSync(join(host.base, "counter"), "utf8")).toBe("x");
    expect(stateOf(await stateNow(host))).toBe("done 0");
  });
});

test("a host without setsid refuses and says what is missing; nothing ran", async () => {
  await withHost(makeHost({ name: "no setsid", sh: "/bin/sh", without: ["setsid"] }), async (host) => {
    const [code, message] = await host.refused(launchOf(host, "true"));
    expect([code, message]).toEqual(["tool-missing", "setsid is not installed on this host"]);
    expect(stateOf(await stateNow(host))).toBe("new");
  });
});

test("a host without base64 sends the output in hex", async () => {
  await withHost(makeHost({ name: "no base64", sh: "/bin/sh", without: ["base64"] }), async (host) => {
    await host.ask(launchOf(host, "printf 'a\\000\\377\\n'"));
    expect((await followed(host))[1]).toEqual(Buffer.from("a\0\xff\n", "latin1"));
  });
});

test("a job that fills the disk still leaves its code; a disk full before it starts nothing", async () => {
  const host = makeHost(binSh);
  mkdirSync(host.base);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", host.base]);
  if (mounted.status !== 0) return host.remove(); // only root may mount
  try {
    await host.ask(lockAcquire({ base: host.base, owner: ownerOf("run-1"), lease: 600 }));
    const { command, payload } = receiveOf(host, releaseA);
    await host.ask(command, payload);
    await host.ask(launchOf(host, 'cat /dev/zero >"$DEPLOY_SHARED_PATH/fill"; exit 6'));
    expect(stateOf((await followed(host))[0])).toBe("done 6");
    const [code] = await host.refused(launchOf(host, "true", { job: "second" }));
    expect(code).toBe("disk-full");
    expect(stateOf(await stateNow(host, "second"))).toBe("new");
  } finally {
    execFileSync("umount", [host.base]);
    host.remove();
  }
});
