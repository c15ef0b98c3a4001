import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { makeWorld, migration, type World } from "./world.ts";

let world: World;
beforeEach(() => {
  world = makeWorld();
  world.config = { ...world.config, activate: { ...world.config.activate, strategy: "rolling" } };
});
afterEach(() => world.dispose());

/** `switch web2, health web2, …`: what was over when, of what hosts serve. */
function told(): readonly string[] {
  return world.events.flatMap((event) =>
    event.kind === "outcome" && ["switch", "health", "revert", "migrate"].includes(event.outcome.step)
      ? [`${event.outcome.step} ${event.outcome.host} ${event.outcome.status}`]
      : [],
  );
}

const live = () => world.hosts.map((host) => world.live(host));
const three = (release: string) => [release, release, release];

describe("hosts that switch in waves", () => {
  test("each is proved before the next begins, the leader last; the migration was before all", async () => {
    world.config = { ...world.config, migrate: migration("true") };
    const report = await world.deploy();
    expect(report.result).toBe("deployed");
    expect(told()).toEqual([
      "migrate web1 ok",
      "switch web2 ok",
      "health web2 ok",
      "switch web3 ok",
      "health web3 ok",
      "switch web1 ok",
      "health web1 ok",
    ]);
    expect(report.hosts.map(({ host, wave }) => `${host} ${wave}`)).toEqual(["web1 3", "web2 1", "web3 2"]);
    expect(live()).toEqual(three(report.release));
  });

  test("one that is not healthy stops the rest, and those before it go back, the last first", async () => {
    const first = await world.deploy();
    const [release, commit] = ["20261122T000000Z-bbbbbbb", "b".repeat(40)];
    world.broken.add(`${release}@web3`);
    world.events.length = 0;
    const report = await world.deploy({ commit, release });
    expect(report.result).toBe("reverted");
    expect(told()).toEqual([
      "switch web2 ok",
      "health web2 ok",
      "switch web3 ok",
      "health web3 failed",
      "revert web3 ok",
      "revert web2 ok",
    ]);
    expect(live()).toEqual(three(first.release));
  });

  test("an old worker that still answers begins the proof anew, until it is quiet", async () => {
    const first = await world.deploy();
    const { health } = world.config.activate;
    if (health === undefined) throw new Error("there is no health");
    const quiet = { ...health, within: 10_000, quiet: 60 };
    world.config = { ...world.config, activate: { ...world.config.activate, health: quiet } };
    let asked = 0;
    world.faults.set("web2", (inner) => ({
      host: inner.host,
      exec: (command, options) => inner.exec(command, options),
      close: () => inner.close(),
      http: async (probe, signal) => {
        asked += 1;
        const answer = await inner.http(probe, signal);
        return asked === 2 ? { ...answer, headers: { "x-release": first.release } } : answer;
      },
    }));
    expect((await world.deploy({ commit: "b".repeat(40) })).result).toBe("deployed");
    expect(asked).toBeGreaterThan(3);
  });

  test("a run that is cancelled between two waves goes back", async () => {
    const first = await world.deploy();
    const stop = new AbortController();
    world.faults.set("web3", (inner) => ({
      host: inner.host,
      http: (probe, signal) => inner.http(probe, signal),
      close: () => inner.close(),
      exec: (command, options) => {
        if (command.name.startsWith("flip")) stop.abort();
        return inner.exec(command, options);
      },
    }));
    const report = await world.deploy({ commit: "b".repeat(40), signal: stop.signal });
    expect([report.result, live()]).toEqual(["reverted", three(first.release)]);
  });
});
