import {
  comparePlans,
  type Delivery,
  type Plan,
  plan,
  planDigest,
  renderPlanText,
  type Tool,
  type Upload,
} from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  artifact,
  bareSteps,
  configOf,
  deployPlan,
  deployRequest,
  fleetOf,
  login,
  minted,
  now,
  old,
  staged,
} from "../fixtures.ts";
import { hostWith, names, step, store, uploadOf, uploadsOf } from "./deliveries.ts";

describe("how a release comes to the hosts", () => {
  test("nothing configured: the plan is what it was", () => {
    const made = deployPlan();
    expect([uploadsOf(made), made.warnings]).toEqual([[{ step: "upload", hosts: names }], []]);
    // What was approved before there was a choice is what runs now.
    const { digest, ...whole } = made;
    const stages = staged([
      { step: "upload", hosts: names },
      { step: "switch", hosts: names },
      { step: "finish", hosts: names },
    ]);
    expect(digest).toBe(planDigest({ ...whole, stages }));
  });

  test("by git: from where, and an artifact where git is not there or too old", () => {
    const repository = "git@git.example.com:shop.git";
    const hostKeys = ["git.example.com ssh-ed25519 AAAA"];
    const upload = uploadOf({ method: "git", repository, hostKeys });
    const git = (host: string, gitVersion?: string) => ({
      ...hostWith(host, gitVersion === undefined ? ["gzip"] : ["gzip", "git"]),
      ...(gitVersion === undefined ? {} : { gitVersion }),
    });
    const made = plan(
      configOf({ upload }),
      [git("web1", "2.18.0"), git("web2", "1.8.3.1"), git("web3")],
      deployRequest(),
    );
    expect(uploadsOf(made)).toEqual([
      step(["web1"], { method: "git", repository, hostKeys }),
      step(["web3"], { because: "git is not there" }),
      step(["web2"], { because: "its git 1.8.3.1 is older than 2.18" }),
    ]);
    expect(made.warnings).toEqual([
      "to web3 the release is an artifact from the runner, not git: git is not there",
      "to web2 the release is an artifact from the runner, not git: its git 1.8.3.1 is older than 2.18",
    ]);
    expect(renderPlanText(made)).toContain(`by git: each host fetches the commit from ${repository}`);
    const mute = plan(configOf({ upload }), [git("web1", "")], deployRequest());
    expect(mute.warnings.join()).toContain("its git does not tell its version");
  });

  test("a whole plan, as data", () => {
    const upload = uploadOf({
      method: "rsync",
      unchanged: "link",
      verify: "whole",
      atOnce: 2,
      filter: [".rsync-filter"],
    });
    const config = configOf({ upload, keepFor: 90_500 });
    const facts = [
      hostWith("web1", ["gzip", "rsync"], "3.2.7"),
      hostWith("web2", ["zstd", "gzip"]),
      hostWith("web3", ["gzip", "rsync"], "3.0.9"),
    ];
    const made = plan(config, facts, deployRequest());
    const delivery = { unchanged: "link", verify: "whole", compression: "auto", atOnce: 2 } as const;
    const expected = {
      schema: 3,
      kind: "deploy",
      app: "shop",
      environment: "production",
      deployTo: "/var/www/shop",
      shared: { directories: ["log"], files: [".env"] },
      leader: "web1",
      release: minted,
      commit: deployRequest().commit,
      artifact,
      changed: true,
      stages: staged([
        { step: "upload", hosts: ["web1"], delivery: { method: "rsync", ...delivery } },
        {
          step: "upload",
          hosts: ["web3"],
          delivery: { method: "artifact", ...delivery, because: "its rsync 3.0.9 is older than 3.1.0" },
        },
        {
          step: "upload",
          hosts: ["web2"],
          delivery: { method: "artifact", ...delivery, because: "rsync is not there" },
        },
        { step: "switch", hosts: names },
        { step: "finish", hosts: names, keepFor: 91 },
      ]),
      problems: [],
      hosts: [
        { host: "web1", address: "web1", ...login, roles: [], from: old, to: minted, removals: [] },
        { host: "web2", address: "web2", ...login, roles: ["web"], from: old, to: minted, removals: [] },
        {
          host: "web3",
          address: "web3",
          ...login,
          roles: ["web", "worker"],
          from: old,
          to: minted,
          removals: [],
        },
      ],
      warnings: [
        "to web3 the release is an artifact from the runner, not rsync: its rsync 3.0.9 is older than 3.1.0",
        "to web2 the release is an artifact from the runner, not rsync: rsync is not there",
      ],
      headline: "4f2a91c to 3 hosts of production: switch together",
    };
    expect(made).toEqual({ ...expected, digest: planDigest(expected as Omit<Plan, "digest">) });
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  });

  test.each<[string, string | undefined, readonly Tool[], string | undefined]>([
    ["3.1.0, the floor", "3.1.0", ["gzip", "rsync"], undefined],
    ["3.1, without the last number", "3.1", ["gzip", "rsync"], undefined],
    ["3.10.0", "3.10.0", ["gzip", "rsync"], undefined],
    ["4.0.0", "4.0.0", ["gzip", "rsync"], undefined],
    ["a version that nobody asked for", undefined, ["gzip", "rsync"], undefined],
    ["3.0.9", "3.0.9", ["gzip", "rsync"], "its rsync 3.0.9 is older than 3.1.0"],
    ["2.6.9", "2.6.9", ["gzip", "rsync"], "its rsync 2.6.9 is older than 3.1.0"],
    ["none told", "", ["gzip", "rsync"], "its rsync does not tell its version"],
    ["no rsync", undefined, ["gzip"], "rsync is not there"],
    ["no gzip", "3.2.7", ["zstd", "rsync"], "gzip, in which the list of files comes, is not there"],
  ])("rsync %s", (_, version, tools, because) => {
    const facts = [
      hostWith("web1", tools, version),
      ...["web2", "web3"].map((name) => hostWith(name, ["gzip", "rsync"], "3.2.7")),
    ];
    const made = plan(configOf({ upload: uploadOf({ method: "rsync" }) }), facts, deployRequest());
    expect(uploadsOf(made)).toEqual(
      because === undefined
        ? [step(names, { method: "rsync" })]
        : [step(["web2", "web3"], { method: "rsync" }), step(["web1"], { because })],
    );
  });

  test("pull needs curl or wget on a host; the others are sent to", () => {
    const upload = uploadOf({ method: "pull", store });
    const facts = [
      hostWith("web1", ["gzip", "wget"]),
      hostWith("web2", ["gzip"]),
      hostWith("web3", ["gzip", "curl"]),
    ];
    const made = plan(configOf({ upload }), facts, deployRequest());
    expect([uploadsOf(made), made.warnings]).toEqual([
      [
        step(["web1", "web3"], { method: "pull", store }),
        step(["web2"], { because: "neither curl nor GNU wget is there" }),
      ],
      ["to web2 the release is an artifact from the runner, not pull: neither curl nor GNU wget is there"],
    ]);
  });

  test.each<[string, readonly Tool[], Partial<Delivery>, Partial<Delivery> | undefined, readonly string[]]>([
    ["zstd where it is", ["zstd"], { compression: "zstd" }, undefined, []],
    [
      "zstd where it is not",
      ["gzip"],
      { compression: "zstd" },
      { compression: "auto", because: "zstd is not there" },
      ["to web3 the release is compressed as can be read there, not with zstd: zstd is not there"],
    ],
    [
      "neither, and one was asked for",
      [],
      { compression: "gzip" },
      { compression: "auto", because: "gzip is not there" },
      [
        "to web3 the release is compressed as can be read there, not with gzip: gzip is not there",
        "to web3 the release goes uncompressed: neither zstd nor gzip is there",
      ],
    ],
    ["neither", [], {}, undefined, ["to web3 the release goes uncompressed: neither zstd nor gzip is there"]],
    ["neither, as asked for", [], { compression: "none" }, undefined, []],
    [
      "no way of fetching, nor of reading",
      ["gzip"],
      { method: "pull", store, compression: "zstd" },
      { compression: "auto", because: "neither curl nor GNU wget is there; zstd is not there" },
      [
        "to web3 the release is an artifact from the runner, not pull: neither curl nor GNU wget is there; zstd is not there",
      ],
    ],
  ])("compression: %s", (_, tools, changes, fallback, warnings) => {
    const able: readonly Tool[] = ["gzip", "zstd", "curl"];
    const facts = [hostWith("web1", able), hostWith("web2", able), hostWith("web3", tools)];
    const made = plan(configOf({ upload: uploadOf(changes) }), facts, deployRequest());
    expect([uploadsOf(made), made.problems, made.warnings]).toEqual([
      fallback === undefined
        ? [step(names, changes)]
        : [step(["web1", "web2"], changes), step(["web3"], fallback)],
      [],
      warnings,
    ]);
  });

  test("without gzip or zstd it goes as it is, also where nothing is configured", () => {
    const facts = names.map((name) => hostWith(name, name === "web2" ? [] : ["zstd"]));
    const made = plan(configOf(), facts, deployRequest());
    expect([uploadsOf(made), made.problems, made.warnings]).toEqual([
      [{ step: "upload", hosts: names }],
      [],
      ["to web2 the release goes uncompressed: neither zstd nor gzip is there"],
    ]);
  });

  test("each step keeps what the assets of earlier releases need", () => {
    const assets = { source: "a", output: "public", build: "auto", fingerprint: "auto", bridge: 3 };
    const config = configOf({ upload: uploadOf({ method: "rsync" }), assets: assets as never });
    const facts = [hostWith("web1", ["gzip", "rsync"], "3.2.7"), ...fleetOf().slice(1)];
    const made = plan(config, facts, deployRequest());
    expect(uploadsOf(made).map((upload) => "bridge" in upload && upload.bridge)).toEqual([
      { folder: "public", releases: 3 },
      { folder: "public", releases: 3 },
    ]);
  });
});

test("another way is another plan", () => {
  const facts = names.map((name) => hostWith(name, ["gzip", "rsync"], "3.2.7"));
  const of = (upload: Upload): Plan => plan(configOf({ upload }), facts, deployRequest());
  const [first, second] = [of(uploadOf({})), of(uploadOf({ method: "rsync" }))];
  expect(comparePlans(first, second)).toEqual(["the steps changed"]);
  expect(first.digest).not.toBe(second.digest);
});

test("a rollback sends nothing, keeps nothing back and warns of nothing", () => {
  const config = configOf({ upload: uploadOf({ method: "rsync" }), keepFor: 60_000 });
  const facts = names.map((name) => hostWith(name, []));
  const made = plan(config, facts, { kind: "rollback", now });
  expect([bareSteps(made), made.warnings]).toEqual([
    [
      { step: "switch", hosts: names },
      { step: "finish", hosts: names },
    ],
    [],
  ]);
});
