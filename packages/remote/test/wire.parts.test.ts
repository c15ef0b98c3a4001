import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { probe, render, runUserCommand } from "../src/index.ts";
import { binSh, makeHost } from "./host.ts";
import { deployed, fenceOf, receiveOf, releaseA, releaseB } from "./scenario.ts";

test("a script that is cut anywhere, or never arrives, does nothing and is never ok", async () => {
  const host = makeHost(binSh);
  await deployed(host);
  const command = runUserCommand({
    fence: fenceOf(host),
    release: releaseA,
    directory: "release",
    run: "touch ran",
    step: "migrate",
  });
  const { line, input } = render(command);
  const env = { HOME: host.home, PATH: "/usr/bin:/bin" };
  const size = input.length - 'main "$@"\n'.length;
  for (const length of [0, 1, 7, 100, 1000, 5000, size - 40, size - 1, size, size + 3]) {
    const ran = spawnSync("/bin/sh", ["-c", line], { input: input.subarray(0, length), env });
    expect([length, ran.status === 0]).toEqual([length, false]);
  }
  const { command: upload, payload } = receiveOf(host, releaseB);
  const cut = spawnSync("/bin/sh", ["-c", render(upload).line], { input: payload, env });
  expect(cut.status === 0).toBe(false);
  expect([
    existsSync(join(host.base, `releases/${releaseA}/ran`)),
    existsSync(join(host.base, `releases/${releaseB}`)),
  ]).toEqual([false, false]);
  host.remove();
});

for (const login of ["/usr/bin/fish", "/usr/bin/tcsh", "/usr/bin/zsh", "/usr/bin/bash", "/usr/bin/dash"]) {
  const here = existsSync(login) ? test : test.skip;
  here(`a login shell ${login} hands every argument over as it is`, async () => {
    const host = makeHost(binSh, login);
    await deployed(host);
    const text = "printf '%s|' 'a\\b' \"it's\" 'two!' 'x\ny' '$(id)' `echo z` é '*' '~' ; exit 9";
    const fence = fenceOf(host);
    const result = await host.exec(
      runUserCommand({ fence, release: releaseA, directory: "release", run: text, step: "migrate" }),
    );
    expect(result).toMatchObject({ status: "exited", code: 9, stdout: "a\\b|it's|two!|x\ny|$(id)|z|é|*|~|" });
    host.remove();
  });
}

test.each([165_000, 172_000, 180_000, 190_000])(
  "a disk full after %i bytes leaves no release and says so",
  async (fill) => {
    const host = makeHost(binSh);
    mkdirSync(host.base);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=200k", "tmpfs", host.base]);
    if (mounted.status !== 0) {
      host.remove();
      return; // only root may mount
    }
    try {
      writeFileSync(join(host.base, "fill"), Buffer.alloc(fill));
      const { command, payload } = receiveOf(host, releaseA);
      expect((await host.refused(command, payload))[0]).toBe("disk-full");
      const facts = await host.ask(probe({ base: host.base, sharedFiles: [], journal: 0 }));
      expect(facts.releases).toEqual([]);
    } finally {
      execFileSync("umount", [host.base]);
      host.remove();
    }
  },
);
