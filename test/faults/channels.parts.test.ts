import { Secret } from "@deploy/core";
import { type EngineEvent, leaderOf, openFleet, underLock } from "@deploy/engine";
import { needs, shell, sshdFleet } from "@deploy/testkit";
import { loadSshConnector, systemClock } from "@deploy/transport";
import { expect, test } from "@jest/globals";

const describe = needs("sshd");

describe("MaxSessions 1", () => {
  test("a heartbeat that gets no channel is told, and the command in use goes on", async () => {
    const sshd = await sshdFleet({ hosts: [{ config: ["MaxSessions 1"] }], namespaces: false });
    const [host] = sshd.hosts;
    if (host === undefined) throw new Error("no host");
    const connect = await loadSshConnector({
      knownHosts: sshd.knownHosts(),
      privateKey: new Secret(sshd.keys.private),
      random: () => -0.5, // asked again at once
    });
    const [begun, told] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()];
    // The first beat comes once the command runs, and no second one.
    let beats = 0;
    const sleep = (_: number, signal?: AbortSignal) =>
      beats++ === 0
        ? begun.promise
        : new Promise<void>((done) => signal?.addEventListener("abort", () => done()));
    const clock = { now: systemClock.now, sleep };
    const events = (event: EngineEvent) => event.kind === "note" && told.resolve(event.text);
    const { signal } = new AbortController();
    const fleet = await openFleet({
      hosts: [host.host],
      leader: host.name,
      connect,
      events,
      signal,
      clock: systemClock,
    });
    const owner = {
      repository: "org/shop",
      run: "1",
      attempt: "1",
      actor: "ann",
      commit: "-",
      phase: "deploy",
    };
    const work = async () => {
      const running = leaderOf(fleet).exec(
        shell('echo begun; until [ -e "$1/go" ]; do sleep 0.1; done', [host.files]),
        { onOutput: () => begun.resolve() },
      );
      const first = await Promise.race([told.promise, running]);
      await host.exec(["touch", `${host.files}/go`]);
      return { first, result: await running };
    };
    const base = `${host.srv}/shop`;
    const found = await underLock(
      fleet,
      { base, owner: { id: "org/shop/1", ...owner }, clock, events },
      work,
    );
    await fleet.close();
    await sshd.close();
    expect(found).toEqual({
      first: expect.stringMatching(/^the lock could not be renewed: .*MaxSessions.*nothing was run/),
      result: { status: "exited", code: 0, stdout: "begun\n", stderr: "", dropped: 0 },
    });
  });
});
