import { knownHostsLine, testKeys } from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type Job, openJob } from "./job.ts";

let job: Job;

beforeEach(async () => {
  job = await openJob();
});

afterEach(() => job.close());

const whole = ["plan", "upload", "rollback"] as const;
/** They do without a host that cannot be read, but not without the leader. */
const partial = ["reconcile", "unlock"] as const;
const text = expect.stringMatching;

/** Wrong inputs, what the error is called, what it says, and how many there are: one, or one for each host that the action needs. */
const mistakes: readonly (readonly [
  string,
  () => Readonly<Record<string, string>>,
  string,
  RegExp,
  1 | 3,
])[] = [
  ["an unknown input", () => ({ knownhosts: "x" }), "input-unknown", /Did you mean "known-hosts"\?/, 1],
  [
    "an unknown input, nothing like any",
    () => ({ zzzzzzzz: "x" }),
    "input-unknown",
    /The inputs are: .*known-hosts/,
    1,
  ],
  [
    "a wrong passphrase",
    () => ({ "ssh-passphrase": "wrong" }),
    "private-key-passphrase-wrong",
    /passphrase/,
    1,
  ],
  ["no passphrase", () => ({ "ssh-passphrase": "" }), "private-key-passphrase-missing", /ssh-passphrase/, 1],
  ["no key", () => ({ "ssh-private-key": "" }), "private-key-empty", /ssh-private-key/, 1],
  ["the public key", () => ({ "ssh-private-key": testKeys().public }), "private-key-public", /private/, 1],
  ["no known hosts", () => ({ "known-hosts": "" }), "known-hosts-missing", /known-hosts.*ssh-keyscan/s, 3],
  [
    "known hosts of another",
    () => ({ "known-hosts": `other ${testKeys().public}` }),
    "host-key-unknown",
    /add the line: \[127/,
    3,
  ],
  ["no boolean", () => ({ "dry-run": "yes" }), "input-invalid", /Expected true or false, got "yes"/, 1],
];

test.each(mistakes)(
  "%s: an error that says what to do, nothing touched",
  async (_, wrong, code, says, count) => {
    const { fleet } = job;
    const before = fleet.trees();
    for (const action of [...whole, ...partial]) {
      const { code: exit, outputs, annotations, summary } = await job.step(action, wrong());
      const errors = annotations.filter(({ level }) => level === "error");
      const needed = partial.some((name) => name === action) ? 1 : count;
      const result = action === "unlock" && count > 1 ? "refused" : "failed";
      expect({ action, exit, result: outputs.result, errors }).toEqual({
        ...{ action, exit: 1, result },
        errors: Array(needed).fill({ level: "error", message: text(says), properties: { title: code } }),
      });
      expect(summary).not.toBe("");
    }
    expect([fleet.trees(), fleet.lock()]).toEqual([before, "-"]);
    // Only a key that is not the pinned one needs a connection to be seen.
    if (code !== "host-key-unknown") expect(fleet.connections()).toBe(0);
  },
);

test("a host key that is another: one error that names the host and both fingerprints, nothing touched", async () => {
  const { fleet } = job;
  // A rollback has more to say where nothing is live yet.
  expect(await job.deploy()).toEqual(["prepared", "deployed"]);
  const before = fleet.trees();
  const [, second] = fleet.proxies;
  const pins = (job.inputs["known-hosts"] ?? "").split("\n");
  const wrong = knownHostsLine("127.0.0.1", second?.port ?? 0, testKeys().public);
  for (const action of whole) {
    const inputs = { "known-hosts": [pins[0], wrong, pins[2]].join("\n") };
    const { code, annotations } = await job.step(action, inputs);
    expect({ action, code, annotations }).toEqual({
      ...{ action, code: 1 },
      annotations: [
        {
          level: "error",
          message: text(new RegExp(`${fleet.names[1]}.*SHA256:`, "s")),
          properties: { title: "host-key-mismatch" },
        },
      ],
    });
  }
  expect([fleet.trees(), fleet.lock()]).toEqual([before, "-"]);
});
