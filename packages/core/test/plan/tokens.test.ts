import { plan, planUnlock, seenTokens } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { configOf, deployRequest, now, reachedHost } from "../fixtures.ts";

const absurd = 2 ** 53 - 2;
const lock = (token: number) => ({ token, expiresIn: 0 });

function fleet(own: number, ...others: readonly number[]) {
  return [
    reachedHost("web1", { adopted: own, lock: lock(own) }),
    ...others.map((adopted, index) => reachedHost(`web${index + 2}`, { adopted })),
  ];
}

const seen = (own: number, ...others: readonly number[]) => {
  const { highest, problems } = seenTokens(fleet(own, ...others), "web1");
  return [highest, problems.map(({ place }) => place.host)];
};

test("a leader that lost its state starts above what the others adopted", () => {
  expect([seen(0, 57, 56), seen(58, 57), seen(0)]).toEqual([
    [57, []],
    [58, []],
    [0, []],
  ]);
});

test.each([absurd, 2 ** 53, 1e15, 2e9, Number.NaN, -1])(
  "%d is no token that counts, whoever claims it",
  (token) => {
    expect(seen(41, token, 40)).toEqual([41, ["web2"]]);
  },
);

test("of a leader that claims an absurd one nothing counts, and the others that follow it are named too", () => {
  expect(seen(absurd, 40, absurd)).toEqual([40, ["web1", "web3"]]);
});

test("each run adds at most so much: a liar that stays never comes to where nobody can count", () => {
  const [first] = seen(0, 1e9);
  const [second] = seen(Number(first) + 1, 2e9);
  expect([first, second]).toEqual([1e9, 2e9]);
});

test("a file that cannot be read stops a plan, and unlock mends it: on any host what it adopted, of the leader lock and freeze too", () => {
  const all = ["state", "adopted", "frozen"] as const;
  const facts = fleet(41, 40).map((host) => ({ ...host, lock: { ...host.lock, damaged: all } }));
  const { damaged, problems } = seenTokens(facts, "web1");
  expect([
    damaged,
    problems.map(({ place, hint }) => [place.host, /`deploy (.+?)`/.exec(hint)?.[1]]),
  ]).toEqual([
    ["web1", "web2"],
    [
      ["web1", "unlock"],
      ["web1", "unlock"],
      ["web1", "unfreeze"],
      ["web2", "unlock"],
    ],
  ]);
  const read = planUnlock(facts, configOf({ hosts: configOf().hosts.slice(0, 2) }));
  expect([read.held, read.refused, read.breaks]).toEqual([
    undefined,
    undefined,
    [
      expect.stringContaining("what web1 wrote down of the lock is damaged"),
      expect.stringContaining("what web2 wrote down"),
      expect.stringContaining("deploys stay frozen (why cannot be read)"),
    ],
  ]);
});

test("a plan names the host, and stops; without it the fleet goes on", () => {
  const facts = fleet(41, 40, absurd);
  const [problem, ...more] = plan(configOf(), facts, deployRequest({ now })).problems;
  expect([problem, more]).toEqual([
    expect.objectContaining({
      code: "lock-corrupt",
      place: { host: "web3" },
      message: expect.stringContaining("web3"),
    }),
    [],
  ]);
  const config = configOf({ hosts: configOf().hosts.slice(0, 2), without: ["web3"] });
  expect(plan(config, facts.slice(0, 2), deployRequest({ now })).problems).toEqual([]);
});
