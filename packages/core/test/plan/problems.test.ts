import { formatProblem, type Plan, plan, type ReachedHost } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  artifact,
  configOf,
  deployRequest,
  fleetOf,
  hostOf,
  lostHost,
  minted,
  newRelease,
  now,
  old,
  reachedHost,
  releaseOf,
  serving,
} from "../fixtures.ts";

/** The plan where only web2 is unlike the others. */
function planWith(changes: Partial<ReachedHost>, config = configOf()): Plan {
  const facts = [reachedHost("web1"), reachedHost("web2", changes), reachedHost("web3")];
  return plan(config, facts, deployRequest());
}

function linesOf({ problems }: Plan): readonly string[] {
  return problems.map(formatProblem);
}

describe("what stops a deploy names the host, the value and the next move", () => {
  test.each<[string, Partial<ReachedHost>, string]>([
    [
      "current is a directory",
      { current: { kind: "directory" } },
      "current-not-a-link · web2 · /var/www/shop/current is a directory, not a link. " +
        "Look at what it holds, then move it out of the way on web2: mv /var/www/shop/current /var/www/shop/current.old",
    ],
    [
      "current leaves releases",
      { current: { kind: "foreign", target: "/srv/other" } },
      "current-foreign · web2 · /var/www/shop/current points to /srv/other, outside /var/www/shop/releases. " +
        "Check that deploy-to is right. If nothing needs this link, remove it on web2: rm /var/www/shop/current",
    ],
    [
      "current dangles",
      { current: { kind: "dangling", target: "releases/gone" } },
      "current-dangling · web2 · /var/www/shop/current points to releases/gone, which does not exist. " +
        "Nothing is live there. Remove the link on web2 and run again: rm /var/www/shop/current",
    ],
    [
      "not writable",
      { writable: false, user: "ci" },
      "not-writable · web2 · ci may not write to /var/www/shop. " +
        "Give it to that user on web2: sudo install -d -o ci /var/www/shop",
    ],
    [
      "a rename would leave its file system",
      { apart: ["/var/www/shop/releases"], user: "ci" },
      "host-unfit · web2 · file system: /var/www/shop/releases is on another one than deploy-to: nothing can be switched by a rename. " +
        "let ci have both on one file system",
    ],
    [
      "no tar",
      { tools: { gzip: true, openssl: true } },
      "tool-missing · web2 · tar is not there. Install tar on web2.",
    ],
    [
      "nothing to hash with",
      { tools: { gzip: true, tar: true, sha256sum: false } },
      "tool-missing · web2 · sha256sum or shasum or openssl is not there. Install sha256sum or shasum or openssl on web2.",
    ],
    [
      "a shared file is missing",
      { missingShared: ["config/it's.env"] },
      "shared-missing · web2 · /var/www/shop/shared/config/it's.env does not exist. Create it once, with its real content: " +
        `ssh deploy@web2 'umask 077; mkdir -p /var/www/shop/shared/config; cat > '\\''/var/www/shop/shared/config/it'\\''\\'\\'''\\''s.env'\\''' < 'it'\\''s.env'`,
    ],
  ])("%s", (_, changes, expected) => {
    const made = planWith(changes);
    expect(linesOf(made)).toEqual([expected]);
    expect(made.headline).toBe("cannot deploy 4f2a91c to production: 1 problem");
  });

  test("a record that cannot be read: it may be of a release that was migrated already", () => {
    const cut = "20261120T080000Z-1234567";
    const releases = [releaseOf(old, "good"), { id: cut, state: "bad" as const, unread: true as const }];
    const path = `/var/www/shop/.deploy/releases/${cut}.json`;
    expect(linesOf(planWith({ releases }))).toEqual([
      `state-version · web2 · ${path} cannot be read. Use the version of deploy that wrote it, or move it aside on web2: mv ${path} ${path}.old`,
    ]);
  });

  test("a release that lies there already needs no room", () => {
    const uploaded = { freeBytes: 0, freeInodes: 0, releases: [releaseOf(old), newRelease("ready")] };
    expect(planWith(uploaded).problems).toEqual([]);
  });

  test("a host that could not be reached stops it with its own cause; one that nobody asked too", () => {
    const made = plan(configOf(), [lostHost("web1"), reachedHost("web3")], deployRequest());
    expect(linesOf(made)).toEqual([
      "connect-refused · web1 · port 22 is closed. Check it.",
      "host-not-probed · web2 · nothing was read from web2. A plan needs every host of the environment: probe them all, then plan again. Or leave it out: --without web2.",
    ]);
    expect(made.hosts.map(({ from }) => from)).toEqual([null, null, old]);
  });

  test("all problems of all hosts at once", () => {
    const made = plan(
      configOf(),
      fleetOf({ writable: false, freeBytes: 0, missingShared: [".env"] }),
      deployRequest(),
    );
    expect(made.problems.map(({ code, place }) => `${place.host} ${code}`)).toEqual(
      ["web1", "web2", "web3"].flatMap((host) =>
        ["not-writable", "disk-full", "shared-missing"].map((code) => `${host} ${code}`),
      ),
    );
    expect(made.headline).toBe("cannot deploy 4f2a91c to production: 9 problems");
  });

  test("the command to create a shared file knows port and home", () => {
    const config = configOf({
      deployTo: "~/shop",
      hosts: [{ ...hostOf("web1"), name: "web1:2222", port: 2222 }],
    });
    const facts = [reachedHost("web1:2222", { missingShared: [".env"] })];
    const [problem] = plan({ ...config, leader: "web1:2222" }, facts, deployRequest()).problems;
    expect(problem?.hint).toBe(
      "Create it once, with its real content: ssh -p 2222 deploy@web1 " +
        "'umask 077; mkdir -p ~/shop/shared; cat > ~/shop/shared/.env' < .env",
    );
  });

  test("a named release must be an id, must not be bad, and must mean these files", () => {
    const named = (release: string, facts = fleetOf()): readonly string[] =>
      linesOf(plan(configOf(), facts, deployRequest({ release })));
    expect(named("../x")).toEqual([
      'release-name · "../x" is no release id. Use the id an earlier plan gave, like 20261121T084450Z-4f2a91c, or none.',
    ]);
    expect(
      named(minted, [serving("web1", old, [releaseOf(old), newRelease("bad")]), ...fleetOf().slice(1)]),
    ).toEqual([
      `release-bad · web1 · release ${minted} failed or was rolled back here. Plan again: a new id is made for the same files.`,
    ]);
    expect(named(old)).toEqual(
      ["web1", "web2", "web3"].map(
        (host) =>
          `release-mixed · ${host} · release ${old} holds other files here. Plan again: these files get an id of their own.`,
      ),
    );
    expect(named(minted, fleetOf({ releases: [releaseOf(old), releaseOf(minted, "partial")] }))).toEqual([]);
  });

  test("other files of one commit and second get the next second that is free on every host", () => {
    const later = minted.replace(/(\d)Z/, (_, digit: string) => `${Number(digit) + 1}Z`);
    const taken = { ...releaseOf(minted), manifest: "0".repeat(64) };
    const facts = [serving("web1", old, [releaseOf(old), taken]), ...fleetOf().slice(1)];
    const planned = plan(configOf(), facts, deployRequest());
    expect([planned.release, linesOf(planned)]).toEqual([later, []]);
    const both = [...facts.slice(0, 2), serving("web3", old, [releaseOf(old), releaseOf(later, "bad")])];
    expect(plan(configOf(), both, deployRequest()).release > later).toBe(true);
  });

  test("a whole fleet that serves this already is asked for nothing", () => {
    const facts = ["web1", "web2", "web3"].map((name) => ({
      ...serving(name, old, [{ ...releaseOf(old), manifest: artifact.manifest }]),
      freeBytes: 0,
      missingShared: [".env"],
    }));
    const made = plan(configOf(), facts, deployRequest({ commit: releaseOf(old).commit ?? "" }));
    expect([made.changed, made.problems]).toEqual([false, []]);
  });
});

describe("what is worth a warning", () => {
  const owner = {
    id: "r1",
    repository: "org/shop",
    run: "4711",
    attempt: "1",
    actor: "ada",
    commit: "4f2a91c0d3b5",
    phase: "data",
  };

  test("somebody else's lock on the leader, with who and how long", () => {
    const made = (expiresIn: number, own?: string): Plan =>
      plan(
        configOf(),
        [
          reachedHost("web1", { lock: { token: 3, owner, expiresIn } }),
          reachedHost("web2"),
          reachedHost("web3"),
        ],
        deployRequest(own === undefined ? {} : { owner: own }),
      );
    const locked = (expiresIn: number, own?: string) => made(expiresIn, own).warnings;
    expect(locked(75)).toEqual([
      "locked by run 4711 of org/shop (ada), commit 4f2a91c, phase data: its lease ends in 1 min 15 s, until then a run is refused",
    ]);
    expect(locked(-3600)).toEqual([
      "a lock was left by run 4711 of org/shop (ada), commit 4f2a91c, phase data, which is dead: its lease ended 1 h ago",
    ]);
    expect(locked(75, "r1")).toEqual([]);
    // A run that gets the lock makes both untrue.
    expect([75, -3600].map((left) => made(left).passing)).toEqual(
      [75, -3600].map((left) => [{ text: locked(left)[0], until: "locked" }]),
    );
  });

  test("a person at a desk is named as such", () => {
    const person = {
      ...owner,
      id: "laptop:ada@desk:42.1f:n-1",
      run: "",
      repository: "",
      attempt: "",
      actor: "ada@desk",
    };
    const lock = { token: 3, owner: person, expiresIn: 75 };
    const facts = [reachedHost("web1", { lock }), reachedHost("web2"), reachedHost("web3")];
    expect(plan(configOf(), facts, deployRequest()).warnings).toEqual([
      "locked by ada@desk on a desk, commit 4f2a91c, phase data: its lease ends in 1 min 15 s, until then a run is refused",
    ]);
  });

  test("a host that joins with nothing of what users left on the others", () => {
    const uploads = ["log", "uploads"];
    const joins = { current: { kind: "none" }, releases: [] } as const;
    const told = (changes: Partial<ReachedHost>) => {
      const [web1, web3] = ["web1", "web3"].map((name) => reachedHost(name, { emptyShared: ["log"] }));
      const facts = [web1 as ReachedHost, reachedHost("web2", changes), web3 as ReachedHost];
      return plan(configOf(), facts, deployRequest()).warnings.filter((text) => text.includes("shared/"));
    };
    expect(told({ ...joins, emptyShared: uploads })).toEqual([
      "web2 is new, and has nothing in shared/uploads: copy there what users left on web1 before it serves anybody",
    ]);
    expect([told({ ...joins, emptyShared: ["log"] }), told({ emptyShared: uploads })]).toEqual([[], []]);
  });

  test("a clock more than five minutes off", () => {
    const clock = now.getTime() / 1000;
    expect(planWith({ clock: clock + 300 }).warnings).toEqual([]);
    expect(planWith({ clock: clock - 301 }).warnings).toEqual([
      "the clock of web2 is 5 min 1 s behind: certificates and logs suffer, check NTP",
    ]);
    expect(planWith({ clock: clock + 7200 }).warnings).toEqual([
      "the clock of web2 is 2 h ahead: certificates and logs suffer, check NTP",
    ]);
  });

  test("hosts that serve different releases", () => {
    expect(planWith({ current: { kind: "none" } }).warnings).toEqual([
      `hosts serve different releases (they drifted apart): web1 and web3: ${old}; web2: nothing`,
    ]);
  });

  test("what is no release is told and left alone", () => {
    expect(planWith({ strangers: ["backup", "x", "y", "z", "-rf", "tmp", "u"] }).warnings).toEqual([
      "releases/ on web2 holds what is no release, left alone: backup, x, y, z, -rf and 2 more",
    ]);
  });
});

test("an env-file that is not there is told before the approval, where a command of that host loads it, and stops nothing", () => {
  const prepare = [{ run: "npm run warm", roles: ["worker"], envFile: "warm.env" }];
  const migrate = {
    run: "npm run migrate",
    envFile: "db.env",
    onCancel: "keep",
    grace: 1,
    silence: 1,
  } as const;
  const { problems, warnings } = plan(
    configOf({ prepare, migrate }),
    fleetOf({ missingShared: ["warm.env", "db.env"] }),
    deployRequest(),
  );
  expect([problems, warnings]).toEqual([
    [],
    [
      "shared/warm.env is not on web1 and web3, and `npm run warm` loads it",
      "shared/db.env is not on web1, and `npm run migrate` loads it",
    ],
  ]);
});
